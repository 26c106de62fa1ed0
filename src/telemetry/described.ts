/** A name in the catalogues of this module; `means` is one sentence for `docs/telemetry.md`. */
export interface Described {
  readonly means: string;
}
