/** A set of block numbers up to 2^32 in a bit each, in pages that are made when first needed. */
export class SeenBlocks {
  readonly #pages = new Map<number, Uint32Array>();

  has(block: number): boolean {
    const page = this.#pages.get(Math.floor(block / PAGE_BLOCKS));
    return page !== undefined && (page[(block % PAGE_BLOCKS) >>> 5]! & (1 << (block & 31))) !== 0;
  }

  add(block: number): void {
    const number = Math.floor(block / PAGE_BLOCKS);
    let page = this.#pages.get(number);
    if (!page) {
      page = new Uint32Array(PAGE_BLOCKS / 32);
      this.#pages.set(number, page);
    }
    page[(block % PAGE_BLOCKS) >>> 5]! |= 1 << (block & 31);
  }
}

const PAGE_BLOCKS = 32_768;
