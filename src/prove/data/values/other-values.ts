/** PostgreSQL's own types that are neither numbers, texts nor times, and those of well-known extensions. */
import { createHash } from 'node:crypto';
import { counted, listed, type TypeValues } from './type-values.js';

const byte = (n: number, place: number): number => Math.floor(n / 256 ** place) % 256;
const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0').slice(-digits);
const many = (nth: (n: number) => string, edges: readonly string[] = []): TypeValues =>
  counted(Number.POSITIVE_INFINITY, nth, edges);

/** Version 4 in form, so that what checks the form takes it. */
function uuid(n: number): string {
  const digits = createHash('md5').update(String(n)).digest('hex');
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20)}`;
}

const JSON_EDGES = ['{}', '[]', '"text"', '{"a": {"b": [1, null, {"c": "Zoë \\"quoted\\" 🚀"}]}, "n": 1.50}'];
const oids = many((n) => String(16_384 + n), ['0', '4294967295']);
const object = (n: number): string => `{"n": ${n}}`;
const address = (n: number): string => `10.${byte(n, 2)}.${byte(n, 1)}.${byte(n, 0)}`;

const BY_NAME: Readonly<Record<string, TypeValues>> = {
  bool: listed(['true', 'false']),
  uuid: many(uuid, ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff']),
  json: many(object, [...JSON_EDGES, '{"b": 1,  "a": 2, "a": 3}']),
  jsonb: many(object, JSON_EDGES),
  jsonpath: many((n) => `$.a${n}`),
  xml: many((n) => `<n>${n}</n>`, ['<a b="c"><d/>text &amp; more</a>']),
  bytea: many((n) => `\\x${hex(n, 8)}`, ['\\x', '\\x00ff27225c', `\\x${'ab'.repeat(200)}`]),
  inet: many(address, ['::1', '2001:db8::/32', '192.168.0.1/24', '0.0.0.0/0']),
  cidr: many((n) => `${address(n)}/32`, ['2001:db8::/32', '0.0.0.0/0']),
  macaddr: many((n) => `08:00:2b:${hex(byte(n, 2), 2)}:${hex(byte(n, 1), 2)}:${hex(byte(n, 0), 2)}`),
  macaddr8: many((n) => `08:00:2b:01:02:${hex(byte(n, 2), 2)}:${hex(byte(n, 1), 2)}:${hex(byte(n, 0), 2)}`),
  point: many((n) => `(${n},${n % 7}.5)`, ['(-1e300,Infinity)']),
  line: many((n) => `{${n + 1},-1,0}`),
  lseg: many((n) => `[(0,0),(${n + 1},1)]`),
  box: many((n) => `(${n * 10 + 5},1),(${n * 10},0)`),
  path: many((n) => `[(0,0),(${n + 1},1),(2,0)]`, ['((0,0),(1,1),(2,0))']),
  polygon: many((n) => `((0,0),(${n + 1},1),(2,0))`),
  circle: many((n) => `<(${n * 10},0),1>`),
  tsvector: many((n) => `'word':1 'w${n}':2`, ['']),
  tsquery: many((n) => `'word' & 'w${n}'`, ['']),
  pg_lsn: many((n) => `0/${(n + 1).toString(16).toUpperCase()}`),
  pg_snapshot: many((n) => `${n + 10}:${n + 20}:`),
  txid_snapshot: many((n) => `${n + 10}:${n + 20}:`),
  xid: oids,
  xid8: oids,
  cid: oids,
  oid: oids,
  tid: many((n) => `(${n},1)`),
  int2vector: many((n) => `1 ${(n % 30_000) + 1}`),
  oidvector: many((n) => `1 ${n + 1}`),
  regclass: listed([
    'pg_class',
    'pg_type',
    'pg_proc',
    'pg_attribute',
    'pg_index',
    'pg_depend',
    'pg_namespace',
  ]),
  regtype: listed(['integer', 'text', 'uuid', 'boolean', 'date', 'numeric', 'bytea']),
  regproc: listed(['now', 'version', 'pi', 'clock_timestamp']),
  regprocedure: listed(['now()', 'version()', 'pi()', 'random()']),
  regoper: listed(['||/']),
  regoperator: listed(['+(integer,integer)', '-(integer,integer)', '*(integer,integer)']),
  regrole: listed(['pg_monitor', 'pg_read_all_data', 'pg_write_all_data', 'pg_read_all_settings']),
  regnamespace: listed(['pg_catalog', 'information_schema', 'pg_toast']),
  regconfig: listed(['simple', 'english', 'german', 'french']),
  regdictionary: listed(['simple', 'english_stem', 'german_stem']),
  regcollation: listed(['"C"', '"POSIX"', '"default"']),
  // Of extensions.
  hstore: many((n) => `"n"=>"${n}"`, ['', '"a"=>NULL, "it\'s"=>"\\"q\\""']),
  ltree: many((n) => `top.n${n}`, ['']),
  lquery: many((n) => `top.n${n}.*`),
  ltxtquery: many((n) => `top & n${n}`),
  cube: many((n) => `(${n}, 1)`),
  seg: many((n) => `${n} .. ${n + 1}`),
  geometry: many((n) => `POINT(${n % 180} ${n % 90})`),
  geography: many((n) => `POINT(${n % 180} ${n % 90})`),
};

/** `undefined` for a type that is not known. */
export function otherValues(name: string, typmod: number): TypeValues | undefined {
  if (name === 'bit' || name === 'varbit') {
    return bits(name === 'bit', typmod);
  }
  if (name === 'vector' || name === 'halfvec') {
    const dimensions = typmod < 0 ? 3 : typmod;
    return many((n) => `[${Array.from({ length: dimensions }, (_, place) => n + place + 1).join(',')}]`);
  }
  return BY_NAME[name];
}

function bits(isFixed: boolean, typmod: number): TypeValues {
  const length = typmod < 0 ? 16 : typmod;
  const digits = Math.min(length, 30);
  return counted(
    2 ** digits,
    (n) =>
      n
        .toString(2)
        .padStart(digits, '0')
        .padStart(isFixed ? length : digits, '0'),
    ['1'.repeat(length), ...(isFixed ? [] : [''])],
  );
}
