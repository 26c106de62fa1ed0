import {
  type ShopCustomersInsert,
  type ShopOrdersRow,
  shopCustomersId,
  shopCustomersRow,
  shopOrdersInsert,
} from './zod-with-options.js';

export const id = shopCustomersId.parse('01933b6e-5c00-7a10-8f00-0242ac120002');
export const theme: 'dark' | 'light' = shopCustomersRow.parse({}).settings.theme;
export const least: ShopCustomersInsert = { email: 'ada@example.com' };
export const order = shopOrdersInsert.parse({ customer_id: id });
export const kind: ShopOrdersRow['kind'] = 'web';

// @ts-expect-error a plain text is no customer's id
export const forged: ShopOrdersRow['customer_id'] = 'b7d6';
// @ts-expect-error the e-mail address is missing
export const nobody: ShopCustomersInsert = {};
