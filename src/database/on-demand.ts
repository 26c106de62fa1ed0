/**
 * Servers that Plinth itself starts, loaded by the first call: most runs are told a connection string, and what starts
 * servers is thirty files.
 */
type Embedded = typeof import('./embedded/start-embedded.js') &
  typeof import('./embedded/stop-embedded.js') &
  typeof import('./embedded/embedded-status.js') &
  typeof import('./embedded/run-embedded.js');
type Scratch = typeof import('./scratch/open-scratch.js');

/** Starts the project's embedded server, or finds it running. */
export const startEmbedded: Embedded['startEmbedded'] = async (options) =>
  (await import('./embedded/start-embedded.js')).startEmbedded(options);

/** Stops the project's embedded server; false when it did not run. */
export const stopEmbedded: Embedded['stopEmbedded'] = async (target) =>
  (await import('./embedded/stop-embedded.js')).stopEmbedded(target);

/** Starts the project's embedded server and stops it when the signal aborts. */
export const runEmbedded: Embedded['runEmbedded'] = async (options) =>
  (await import('./embedded/run-embedded.js')).runEmbedded(options);

/** Looks at the project's embedded server without starting or changing anything. */
export const embeddedStatus: Embedded['embeddedStatus'] = async (target) =>
  (await import('./embedded/embedded-status.js')).embeddedStatus(target);

/** The connection string of the project's embedded server, or `undefined` when it does not run. */
export const embeddedUrl: Embedded['embeddedUrl'] = async (target) =>
  (await import('./embedded/embedded-status.js')).embeddedUrl(target);

/** Opens a server for databases that are thrown away. */
export const openScratch: Scratch['openScratch'] = async (options) =>
  (await import('./scratch/open-scratch.js')).openScratch(options);
