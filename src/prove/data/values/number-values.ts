import { counted, type TypeValues } from './type-values.js';

const INTEGERS: Readonly<Record<string, { readonly size: number; readonly edges: readonly string[] }>> = {
  int2: { size: 32_000, edges: ['0', '-1', '32767', '-32768'] },
  int4: { size: Number.POSITIVE_INFINITY, edges: ['0', '-1', '2147483647', '-2147483648'] },
  int8: {
    size: Number.POSITIVE_INFINITY,
    edges: ['0', '-1', '9223372036854775807', '-9223372036854775808'],
  },
};

const FLOAT_EDGES = ['0', '-0.5', '-1', 'NaN', 'Infinity', '-Infinity'];

/** Numbers of PostgreSQL's own types; `undefined` for other types. */
export function numberValues(name: string, typmod: number): TypeValues | undefined {
  const integer = INTEGERS[name];
  if (integer) {
    return counted(integer.size, (n) => String(n + 1), integer.edges);
  }
  switch (name) {
    case 'float4':
      return counted(1_000_000, (n) => `${n + 1}.5`, [...FLOAT_EDGES, '1e-37', '-3.4e38']);
    case 'float8':
      return counted(Number.POSITIVE_INFINITY, (n) => `${n + 1}.5`, [
        ...FLOAT_EDGES,
        '0.1',
        '1e-307',
        '-1.7e308',
      ]);
    case 'numeric':
      return numericValues(typmod);
    case 'money':
      return counted(Number.POSITIVE_INFINITY, (n) => `${n + 1}.25`, ['0', '-12.5', '92233720368547758.07']);
    default:
      return undefined;
  }
}

/** The modifier holds the precision in its upper half and an 11-bit signed scale below. */
function numericValues(typmod: number): TypeValues {
  if (typmod < 0) {
    const edges = ['0', '-1.50', 'NaN', '1.000', '123456789012345678901234567890.123456789', '-0.0000000001'];
    return counted(Number.POSITIVE_INFINITY, (n) => `${n + 1}.25`, edges);
  }
  const precision = ((typmod - 4) >> 16) & 0xffff;
  const scale = (((typmod - 4) & 0x7ff) ^ 1024) - 1024;
  const nines = 10n ** BigInt(precision) - 1n;
  const write = (digits: bigint): string => withPoint(digits, scale);
  const whole = scale > 0 && precision > scale ? 10n ** BigInt(scale) : 1n;
  const largest = nines / whole;
  const size = largest > 1_000_000n ? Number.POSITIVE_INFINITY : Number(largest);
  return counted(size, (n) => write(BigInt(n + 1) * whole), ['0', write(-1n), write(nines), write(-nines)]);
}

function withPoint(digits: bigint, scale: number): string {
  if (scale <= 0) {
    return `${digits}${'0'.repeat(digits === 0n ? 0 : -scale)}`;
  }
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
  return `${digits < 0n ? '-' : ''}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}
