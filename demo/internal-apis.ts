import { setTimeout as sleep } from "node:timers/promises";
import { type Incoming, type Outgoing, serve } from "./serve.ts";

/** What the company knows, and what was done to it. */
export interface Company {
  readonly customers: readonly Customer[];
  readonly stock: Map<string, number>;
  readonly orders: Order[];
  readonly messages: Message[];
}

interface Customer {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly phone: string;
  readonly membership: string;
}

interface Order {
  readonly id: string;
  readonly customerId: string;
  readonly productId: string;
  readonly quantity: number;
  readonly total: number;
  readonly currency: string;
}

interface Message {
  readonly id: string;
  readonly userId: string;
  readonly text: string;
  readonly channel: string;
}

export function openCompany(): Company {
  return {
    customers: [
      { id: "C-1001", userId: "U-88", name: "王小明", phone: "13800138000", membership: "gold" },
      { id: "C-1002", userId: "U-93", name: "Li Na", phone: "13912345678", membership: "silver" },
    ],
    stock: new Map([
      ["PROD-001", 42],
      ["PROD-002", 3],
    ]),
    orders: [],
    messages: [],
  };
}

/** A refusal with its status. */
class Problem extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface Operation {
  readonly method: string;
  readonly path: RegExp;
  handle(parts: readonly string[], query: URLSearchParams, body: Record<string, unknown>): Outgoing;
}

/** Those of fixtures/internal-apis/openapi.yaml. */
function operations({ customers, stock, orders, messages }: Company): readonly Operation[] {
  return [
    {
      method: "GET",
      path: /^\/crm\/customers$/,
      handle(_, query) {
        const phone = matching(/^[0-9]{6,15}$/, query.get("phone"), "phone");
        const customer = customers.find((customer) => customer.phone === phone);
        if (customer === undefined) throw new Problem(404, `no customer has the phone number ${phone}`);
        return [200, customer];
      },
    },
    {
      method: "POST",
      path: /^\/crm\/customers\/([^/]+)\/orders$/,
      handle([customerId = ""], _, body) {
        if (!customers.some((customer) => customer.id === customerId)) throw new Problem(404, "no such customer");
        const productId = matching(/^PROD-[0-9]{3}$/, body.productId, "productId");
        const quantity = body.quantity as number;
        if (!Number.isInteger(quantity) || quantity < 1) throw new Problem(400, "quantity must be 1 or more");
        const left = (stock.get(productId) ?? 0) - quantity;
        if (left < 0) throw new Problem(409, `there is not enough of ${productId}`);
        stock.set(productId, left);
        const id = `O-${2001 + orders.length}`;
        const order = { id, customerId, productId, quantity, total: 99 * quantity, currency: "CNY" };
        orders.push(order);
        return [201, order];
      },
    },
    {
      method: "GET",
      path: /^\/inventory\/products\/([^/]+)\/stock$/,
      handle([productId = ""]) {
        const available = stock.get(productId);
        if (available === undefined) throw new Problem(404, `there is no product ${productId}`);
        return [200, { productId, available }];
      },
    },
    {
      method: "POST",
      path: /^\/notifier\/users\/([^/]+)\/messages$/,
      handle([userId = ""], _, body) {
        if (!customers.some((customer) => customer.userId === userId)) throw new Problem(404, "no such user");
        const text = matching(/^.{1,500}$/su, body.text, "text");
        const channel = matching(/^(sms|email|app)$/, body.channel ?? "app", "channel");
        const id = `M-${501 + messages.length}`;
        messages.push({ id, userId, text, channel });
        return [202, { id, userId, channel, status: "queued" }];
      },
    },
  ];
}

function matching(pattern: RegExp, value: unknown, name: string): string {
  if (typeof value !== "string" || !pattern.test(value)) throw new Problem(400, `${name} must match ${pattern.source}`);
  return value;
}

/** Starts the company's APIs. They answer those who hold the token. */
export function startInternalApis(company: Company, token: string) {
  const table = operations(company);

  function answer({ method, url, headers, text }: Incoming): Outgoing {
    if (headers.authorization !== `Bearer ${token}`) throw new Problem(401, "who are you?");
    const found = table.find((operation) => operation.method === method && operation.path.test(url.pathname));
    if (found === undefined) throw new Problem(404, "there is no such operation");
    const parts = found.path.exec(url.pathname)?.slice(1).map(decodeURIComponent) ?? [];
    return found.handle(parts, url.searchParams, text === "" ? {} : JSON.parse(text));
  }

  return serve(async (request) => {
    await sleep(20 + Math.random() * 60); // as over a network
    try {
      return answer(request);
    } catch (error) {
      if (error instanceof Problem) return [error.status, { message: error.message }];
      return [400, { message: "this request cannot be read" }];
    }
  });
}
