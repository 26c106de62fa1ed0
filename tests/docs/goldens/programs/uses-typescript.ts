import type {
  ShopCustomersId,
  ShopCustomersInsert,
  ShopCustomersRow,
  ShopOpenOrdersRow,
  ShopOrdersInsert,
  ShopOrdersRow,
  ShopOrdersUpdate,
} from './typescript-with-options.js';

declare const id: ShopCustomersId;
declare const customer: ShopCustomersRow;
declare const order: ShopOrdersRow;

export const theme: 'dark' | 'light' = customer.settings.theme;
export const least: ShopCustomersInsert = { email: 'ada@example.com' };
export const most: ShopOrdersInsert = {
  customer_id: id,
  kind: 'web',
  status: 'open',
  history: ['paid'],
  placed_at: '2026-01-01',
  weight_kg: 1,
};
export const change: ShopOrdersUpdate = { customer_id: order.customer_id, 'gift note': null };
export const number: bigint = order.number;
export const packed: ShopOpenOrdersRow['number'] = null;

// @ts-expect-error a plain text is no customer's id
export const forged: ShopOrdersInsert = { customer_id: 'b7d6' };
// @ts-expect-error the e-mail address is missing
export const nobody: ShopCustomersInsert = {};
// @ts-expect-error the database counts
export const counted: ShopOrdersInsert = { customer_id: id, number: 1n };
// @ts-expect-error the database computes it
export const large: ShopOrdersUpdate = { is_large: true };
// @ts-expect-error the check lists the kinds
export const unkind: ShopOrdersUpdate = { kind: 'phone' };
// @ts-expect-error the column refuses null
export const timeless: ShopOrdersUpdate = { placed_at: null };
