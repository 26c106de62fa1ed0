import { existsSync } from 'node:fs';
import type { Tool } from './tool.js';

/** A tool that is measured where the environment names its program. */
interface Named {
  readonly variable: string;
  readonly name: string;
  readonly toolOf: (program: string) => Tool;
}

const NAMED: readonly Named[] = [
  {
    variable: 'PLINTH_BENCH_GOOSE',
    name: 'goose',
    toolOf: (program) => ({
      name: 'goose',
      form: 'goose',
      up: ({ url, folder }) => ({ program, args: ['-dir', folder, 'postgres', url, 'up'] }),
      down: ({ url, folder }) => ({ program, args: ['-dir', folder, 'postgres', url, 'reset'] }),
      status: ({ url, folder }) => ({ program, args: ['-dir', folder, 'postgres', url, 'status'] }),
    }),
  },
  {
    variable: 'PLINTH_BENCH_GOLANG_MIGRATE',
    name: 'golang-migrate',
    toolOf: (program) => ({
      name: 'golang-migrate',
      form: 'pairs',
      up: ({ url, folder }) => ({ program, args: ['-path', folder, '-database', url, 'up'] }),
      down: ({ url, folder }) => ({ program, args: ['-path', folder, '-database', url, 'down', '-all'] }),
    }),
  },
];

/** Tools written in Go, from the programs that the environment names. */
export function goPeers(): { readonly tools: readonly Tool[]; readonly absent: readonly string[] } {
  const programOf = ({ variable }: Named): string => process.env[variable] ?? '';
  const isThere = (named: Named): boolean => existsSync(programOf(named));
  return {
    tools: NAMED.filter(isThere).map((named) => named.toolOf(programOf(named))),
    absent: NAMED.filter((named) => !isThere(named)).map(
      ({ name, variable }) => `${name} is absent: ${variable} names no program`,
    ),
  };
}
