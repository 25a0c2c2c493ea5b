import * as z from 'zod';
import type { InboundContent } from '../domain/inbound.ts';
import { parseFlowResponse } from '../domain/read-json.ts';

/*
 * Answers of customers to an order, a flow or a request for an address, which WhatsApp passes through every provider in
 * its own shape.
 */

type OrderItem = Extract<InboundContent, { readonly type: 'order' }>['items'][number];

const text = z.string().optional().catch(undefined);
const number = z.coerce.number().optional().catch(undefined);

/** Meta names a product `product_retailer_id`, Sinch `id`. */
const Item = z.looseObject({ product_retailer_id: text, id: text, quantity: number, item_price: number });

/** One product of an order with the names of the API, beside the provider's own fields; what is no object is kept raw. */
export const toOrderItem = (raw: unknown): OrderItem => {
  const item = Item.safeParse(raw).data;
  return item === undefined
    ? { raw }
    : { ...item, productId: item.product_retailer_id ?? item.id, price: item.item_price };
};

const Address = z.object({
  saved_address_id: text,
  values: z.record(z.string(), z.string()).optional().catch(undefined),
});

interface FormReply {
  readonly name?: string | undefined;
  readonly body?: string | undefined;
  /** JSON in a string, or an object. */
  readonly response_json?: unknown;
}

/** The answer of a form: of a flow, or of a request for an address where it can be read as one. */
export const toFormReply = ({ name, body, response_json }: FormReply): InboundContent => {
  const response = parseFlowResponse(response_json);
  const address = name === 'address_message' ? Address.safeParse(response).data : undefined;
  if (address?.values === undefined && address?.saved_address_id === undefined)
    return { type: 'flow_reply', name, body, response };
  return { type: 'address_reply', body, values: address.values, savedAddressId: address.saved_address_id };
};
