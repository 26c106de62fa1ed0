import { code, codeBlock, escapeMarks, inlineText, link, paragraphs } from '../markdown/text.js';
import type { Entity, PolicyEntry } from './dictionary.js';
import { GENERATED_MARK, kindText, rowsText } from './dictionary-page.js';
import { fieldTable, indexTable, type LinkTo, relationshipLists, ruleList } from './entity-sections.js';
import { readableExpression } from './expression.js';

export interface TablePageOptions {
  /** The links start from the page itself. */
  readonly linkTo: LinkTo;
  readonly isClassified: boolean;
  /** Mermaid text of the table and its neighbours. */
  readonly diagram?: string | undefined;
}

/** The page of one table or view. */
export function tablePage(entity: Entity, { linkTo, isClassified, diagram }: TablePageOptions): string {
  const rows = rowsText(entity);
  const sections: readonly (readonly [heading: string, content: string])[] = [
    ['Fields', fieldTable(entity, isClassified)],
    ['Keys and checks', ruleList(entity)],
    ['Relationships', relationshipLists(entity, linkTo)],
    ['Neighbours', diagram === undefined ? '' : codeBlock('mermaid', diagram)],
    ['Indexes', indexTable(entity)],
    ['Policies', entity.policies.map(policyText).join('\n')],
    ['Triggers', entity.triggers.map(triggerText).join('\n')],
    ['Query', entity.definition === undefined ? '' : codeBlock('sql', entity.definition)],
  ];
  const blocks = [
    GENERATED_MARK,
    `# ${escapeMarks(`${entity.schema}.${entity.name}`)}`,
    paragraphs(entity.meaning ?? ''),
    [kindText(entity), rows === '' ? '' : `${rows} rows.`].filter((text) => text !== '').join(' '),
    ...sections.flatMap(([heading, content]) => (content === '' ? [] : [`## ${heading}`, content])),
    link('All tables', '../dictionary.md'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function policyText({ name, command, roles, restrictive, using, withCheck, meaning }: PolicyEntry): string {
  const rules = [
    ...(using === undefined ? [] : [`sees ${code(readableExpression(using))}`]),
    ...(withCheck === undefined ? [] : [`writes ${code(readableExpression(withCheck))}`]),
  ];
  const head = `${code(name)}, ${restrictive ? 'restricting ' : ''}${command} for ${roles.map(code).join(', ')}`;
  return `- ${head}: ${rules.join(', ')}${meaning === undefined ? '' : `. ${inlineText(meaning)}`}`;
}

function triggerText({ name, definition, meaning }: Entity['triggers'][number]): string {
  return `- ${code(name)}: ${meaning === undefined ? code(definition) : `${inlineText(meaning)} ${code(definition)}`}`;
}
