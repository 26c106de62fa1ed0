import type { Table } from '../../schema/index.js';

/** Names the category that a table belongs to: its schema, domain, classification, … */
export type Categorize = (table: Table) => string;

export const bySchema: Categorize = ({ schema }) => schema;
