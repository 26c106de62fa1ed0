import type { Dictionary } from '../dictionary/dictionary.js';
import type { Drawing } from '../erd/drawing.js';
import type { NameKey } from '../erd/name-key.js';
import type { Star } from '../erd/picture/star.js';
import type { EntityGroup } from './groups.js';

export interface SiteSource {
  readonly title: string;
  readonly dictionary: Dictionary;
  /** The picture of the whole; its groups and colours are those of the site. */
  readonly drawing: Drawing;
  /** The groups that come first, in this order. */
  readonly groupOrder: readonly string[];
  /** The columns have classes. */
  readonly isClassified: boolean;
}

/** What every page of the site is made with. */
export interface Site extends SiteSource {
  readonly groups: readonly EntityGroup[];
  /** There are several schemas: tables are told with theirs. */
  readonly isQualified: boolean;
  /** The page of a table or view by `nameKey`, from the site's folder. */
  readonly pages: ReadonlyMap<string, string>;
  readonly hasObjects: boolean;
  /** The picture of a table among its neighbours, by `nameKey`. */
  readonly starOf: (key: NameKey) => Star | undefined;
}
