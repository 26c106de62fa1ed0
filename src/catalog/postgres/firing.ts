/** When a trigger or rule fires, by PostgreSQL's letter; in ordinary sessions where it is `O`. */
export const FIRING = { O: undefined, D: 'disabled', R: 'replica', A: 'always' } as const;

export type FiringLetter = keyof typeof FIRING;
