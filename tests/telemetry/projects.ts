/** Projects in temporary folders: a `plinth.yaml` and migrations, as a user has them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { MigrationFiles } from '../migrate/migration-folder.js';

export interface MadeProject {
  readonly root: string;
  readonly migrations: string;
  write(files: MigrationFiles): void;
}

export interface ProjectParts {
  readonly migrations: MigrationFiles;
  /** YAML of the section `telemetry`, indented by two. */
  readonly telemetry?: string;
  /** YAML lines of the target `main`, indented by four. */
  readonly target?: string;
}

/** A maker of projects with one target, `main`; they are removed when the test file ends. */
export function projectMaker(): (parts: ProjectParts) => MadeProject {
  const made: string[] = [];
  afterAll(() => {
    for (const folder of made.splice(0)) {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  return ({ migrations: files, telemetry = '', target = '' }) => {
    const root = mkdtempSync(join(tmpdir(), 'plinth-test-telemetry-'));
    made.push(root);
    const migrations = join(root, 'migrations');
    mkdirSync(migrations);
    const section = telemetry ? `telemetry:\n${telemetry}\n` : '';
    writeFileSync(
      join(root, 'plinth.yaml'),
      `version: 1\nproject: observed\ntargets:\n  main:\n    migrations: migrations\n${target}\n${section}`,
    );
    const project: MadeProject = {
      root,
      migrations,
      write: (more) => {
        for (const [name, text] of Object.entries(more)) {
          writeFileSync(join(migrations, name), text);
        }
      },
    };
    project.write(files);
    return project;
  };
}
