/** The diagrams of schemas that people have made, read by the parsers of those who read them. */
import { Parser } from '@dbml/core';
import { Graphviz } from '@hpcc-js/wasm-graphviz';
import mermaid from 'mermaid';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Diagram, diagramOf } from '../../../src/docs/erd/diagram.js';
import { documentsOf, renderErd } from '../../../src/docs/index.js';
import type { SchemaModel } from '../../../src/schema/index.js';
import { PUBLIC_SCHEMAS, scriptOf } from '../../catalog/public-schemas.js';
import { createTestDatabase } from '../../support/database.js';
import { noPrograms, runScript } from '../../support/postgres-programs.js';
import { foundationDatabase } from '../foundation.js';
import { modelOf } from '../shop.js';
import { brokenSiteLinks } from '../site/site-links.js';
import { expectWellFormed } from './well-formed.js';

const title = 'A schema';

describeDiagrams('the foundation', undefined, async () => {
  const place = await foundationDatabase();
  const model = await modelOf(place);
  await place.drop();
  return model;
});

for (const schema of PUBLIC_SCHEMAS) {
  const script = scriptOf(schema);
  const reason = noPrograms ?? ('missing' in script ? script.missing : undefined);
  describeDiagrams(`${schema.name}, a public schema,`, reason, async () => {
    const place = await createTestDatabase();
    await runScript(place.url, 'text' in script ? script.text : '');
    const model = await modelOf(place);
    await place.drop();
    return model;
  });
}

function describeDiagrams(name: string, reason: string | undefined, read: () => Promise<SchemaModel>): void {
  const heading = reason === undefined ? name : `${name} (skipped: ${reason})`;
  describe.skipIf(reason !== undefined)(heading, { timeout: 120_000 }, () => {
    let model: SchemaModel;
    let diagram: Diagram;

    beforeAll(async () => {
      model = await read();
      diagram = diagramOf(model);
      expect(diagram.entities.length).toBeGreaterThan(5);
    }, 120_000);

    test('is drawn as Mermaid, which Mermaid reads: a table and a relation once each', async () => {
      const text = await renderErd(model, { format: 'mermaid', title });
      mermaid.initialize({ maxTextSize: 10_000_000, maxEdges: 100_000 });
      expect(await mermaid.parse(text)).toMatchObject({ diagramType: 'er' });
      expect(occurrences(text, /^ {2}"[^"]*"(?: \{)?$/gm)).toBe(diagram.entities.length);
      expect(occurrences(text, /^ {2}".*" \S+(--|\.\.)\S+ ".*" : ".*"$/gm)).toBe(diagram.relations.length);
    });

    test('is drawn as DBML, which DBML reads with the same tables and references', async () => {
      const text = await renderErd(model, { format: 'dbml', title });
      const { schemas } = new Parser().parse(text, 'dbmlv2');
      const withColumns = diagram.entities.filter(({ columns }) => columns.length > 0);
      expect(schemas.flatMap(({ tables }) => tables)).toHaveLength(withColumns.length);
      const told = occurrences(text, /^Ref /gm);
      expect(schemas.flatMap(({ refs }) => refs)).toHaveLength(told);
      expect(told + occurrences(text, /^\/\/ Ref /gm)).toBe(diagram.relations.length);
    });

    test('is drawn as DOT, which Graphviz reads: a node a table, an edge a relation', async () => {
      const text = await renderErd(model, { format: 'dot', title });
      const graphviz = await Graphviz.load();
      const read = JSON.parse(graphviz.layout(text, 'dot_json', 'nop')) as {
        readonly objects: readonly { readonly name: string }[];
        readonly edges?: readonly unknown[];
      };
      expect(read.objects.filter(({ name }) => !name.startsWith('cluster_'))).toHaveLength(
        diagram.entities.length,
      );
      expect(read.edges ?? []).toHaveLength(diagram.relations.length);
    });

    test('is documented whole: pictures with every table and relation once, a site without a broken link', async () => {
      const documents = await documentsOf(model, { title, extras: {}, site: 'site' });
      for (const path of ['erd/schema.svg', 'erd/schema-dark.svg']) {
        const svg = documents.get(path) as string;
        expectWellFormed(svg);
        expect(occurrences(svg, /<g class="t" id="/g)).toBe(diagram.entities.length);
        expect(occurrences(svg, / data-fk="/g)).toBe(diagram.relations.length);
      }
      const png = Buffer.from(documents.get('erd/schema.png') as Uint8Array);
      const [, width, height] = /width="(\d+)" height="(\d+)"/
        .exec(documents.get('erd/schema.svg') as string)!
        .map(Number) as [number, number, number];
      const scale = png.readUInt32BE(16) / width;
      expect(scale).toBeGreaterThan(0.5);
      expect(scale).toBeLessThanOrEqual(2);
      expect(png.readUInt32BE(20) / height).toBeCloseTo(scale, 2);
      expect(brokenSiteLinks(documents)).toEqual([]);
    });
  });
}

function occurrences(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}
