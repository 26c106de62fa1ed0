/** A source file reduced to what the architecture rules look at. */
import { posix } from 'node:path';
import { parseSync } from 'oxc-parser';

export interface SourceFile {
  /** Relative to `src`, with forward slashes, e.g. `database/session.ts`. */
  readonly path: string;
  /** The folder under `src`, or the file itself where it lies directly in `src`. */
  readonly module: string;
  readonly imports: readonly Import[];
  /** Whether every statement is `export { … } from '…'`. */
  readonly onlyReExports: boolean;
  /** What it prints with, e.g. `console.log`. */
  readonly prints: readonly string[];
}

/** Any reference to another module: import, re-export, dynamic import or `import('…')` type. */
export type Import =
  /** `path` is the file in `src` that a relative specifier means. */
  { readonly kind: 'file'; readonly path: string } | { readonly kind: 'package'; readonly name: string };

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Reads a file of `src`. @param path relative to `src` */
export function parseSource(path: string, text: string): SourceFile {
  const { program, errors } = parseSync(path, text, { lang: 'ts' });
  if (errors.length > 0) {
    throw new Error(`${path} cannot be parsed: ${errors[0]!.message}`);
  }
  const nodes = [...nodesIn(program)];
  return {
    path,
    module: path.split('/')[0]!,
    imports: nodes.flatMap((node) => specifierOf(node) ?? []).map((specifier) => resolve(path, specifier)),
    onlyReExports: program.body.every(
      ({ type, ...rest }) => type === 'ExportNamedDeclaration' && 'source' in rest && rest.source !== null,
    ),
    prints: nodes.flatMap((node) => printerOf(node) ?? []),
  };
}

function* nodesIn(value: unknown): Generator<Node> {
  if (Array.isArray(value)) {
    for (const item of value) {
      yield* nodesIn(item);
    }
  } else if (value !== null && typeof value === 'object') {
    if (isNode(value)) {
      yield value;
    }
    yield* nodesIn(Object.values(value));
  }
}

function isNode(value: object): value is Node {
  return 'type' in value && typeof value.type === 'string';
}

const REFERENCES = [
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
];

function specifierOf(node: Node): string | undefined {
  const source = REFERENCES.includes(node.type) ? (node.source as Node | null) : null;
  if (source === null) {
    return undefined;
  }
  // A computed specifier cannot be judged, so it is a package of that odd name, which no list allows.
  return typeof source.value === 'string' ? source.value : '(computed)';
}

function resolve(from: string, specifier: string): Import {
  if (!specifier.startsWith('.')) {
    const depth = specifier.startsWith('@') ? 2 : 1;
    return { kind: 'package', name: specifier.split('/').slice(0, depth).join('/') };
  }
  return {
    kind: 'file',
    path: posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts'),
  };
}

function printerOf(node: Node): string | undefined {
  if (node.type !== 'MemberExpression') {
    return undefined;
  }
  const object = (node.object as Node).name;
  const property = String((node.property as Node).name);
  const prints = object === 'console' || (object === 'process' && ['stdout', 'stderr'].includes(property));
  return prints ? `${object}.${property}` : undefined;
}
