/** The meaning of an object is its comment; it is absent where there is none. */
export function meaningOf(comment: string | undefined): { readonly meaning?: string } {
  return comment === undefined ? {} : { meaning: comment };
}
