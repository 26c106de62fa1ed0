/** The public projects whose migrations are proven. */

/**
 * @typedef {object} Project
 * @property {string} name
 * @property {string} repository
 * @property {string} commit
 * @property {string} folder
 * @property {string} [leftOut]
 */

/**
 * Where each keeps its migrations, and the commit that was read.
 * @type {readonly Project[]}
 */
export const PROJECTS = [
  {
    name: 'openmeter',
    repository: 'openmeterio/openmeter',
    commit: '7e57a394',
    folder: 'tools/migrate/migrations',
  },
  { name: 'goalert', repository: 'target/goalert', commit: '2458b9d7', folder: 'migrate/migrations' },
  {
    name: 'concourse',
    repository: 'concourse/concourse',
    commit: '95872ce1',
    folder: 'atc/db/migration/migrations',
    // Two have the same version.
    leftOut: '1626194317_add_pipeline_pauses_table',
  },
  {
    name: 'marble',
    repository: 'checkmarble/marble-backend',
    commit: 'b1b2f942',
    folder: 'repositories/migrations',
  },
  {
    name: 'svix',
    repository: 'svix/svix-webhooks',
    commit: '4fc0cfb8',
    folder: 'server/svix-server/migrations',
  },
  {
    name: 'river',
    repository: 'riverqueue/river',
    commit: 'fdf6cdf1',
    folder: 'riverdriver/riverdatabasesql/migration/main',
  },
];
