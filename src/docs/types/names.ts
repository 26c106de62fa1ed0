/** The names of generated types: the schema and the name in PascalCase, `public` left out. No two are alike. */
export interface TypeNames {
  /** The name for an object of the schema; neither it nor it with one of `suffixes` is given again. */
  name(schema: string, name: string, suffixes?: readonly string[]): string;
}

/** `reserved` are names that the generated file declares or imports itself. */
export function typeNames(reserved: Iterable<string>): TypeNames {
  const taken = new Set([...reserved].map(folded));
  return {
    name: (schema, name, suffixes = []) => {
      const wanted = pascalCase(schema === 'public' ? name : `${schema} ${name}`);
      const all = (base: string) => [base, ...suffixes.map((suffix) => base + suffix)].map(folded);
      let free = wanted;
      for (let number = 2; all(free).some((each) => taken.has(each)); number += 1) {
        free = `${wanted}_${number}`;
      }
      for (const each of all(free)) {
        taken.add(each);
      }
      return free;
    },
  };
}

/** Values begin with a small letter, so that names must differ in more than case. */
function folded(name: string): string {
  return name.toLowerCase();
}

/** `order_status` as `OrderStatus`; a name that would begin with a digit begins with `_`. */
export function pascalCase(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const joined = words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
  return /^[\p{L}_$]/u.test(joined) ? joined : `_${joined}`;
}

/** The same beginning with a small letter, for a value. */
export function camelCase(pascal: string): string {
  const name = pascal[0]!.toLowerCase() + pascal.slice(1);
  return KEYWORDS.test(name) ? `${name}_` : name;
}

const KEYWORDS =
  /^(arguments|await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|eval|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|undefined|var|void|while|with|yield)$/;

/** A property's name as it stands in an object type or literal. */
export function propertyName(name: string): string {
  if (name === '__proto__') {
    return `[${literal(name)}]`;
  }
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name);
}

/** A text as a literal in single quotes. */
export function literal(text: string): string {
  const escaped = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll("'", "\\'")
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  return `'${escaped}'`;
}

/** A documentation comment of the paragraphs that say something, or nothing. */
export function docComment(indent: string, ...paragraphs: readonly (string | undefined)[]): string[] {
  const lines = paragraphs
    .flatMap((text) => (text ?? '').trim().split(/\r?\n/))
    .map((line) => line.trimEnd().replaceAll('*/', '*\\/'))
    .filter((line, index, all) => line !== '' || (index > 0 && all[index - 1] !== ''));
  while (lines.at(-1) === '') {
    lines.pop();
  }
  if (lines.length <= 1) {
    return lines[0] ? [`${indent}/** ${lines[0]} */`] : [];
  }
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`];
}
