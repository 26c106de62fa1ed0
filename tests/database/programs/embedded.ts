/**
 * A process of its own for the tests of the embedded server: `node embedded.js start|stop|status|run <options>`
 * prints one line of JSON, the result or the error's code and message.
 */
import {
  type EmbeddedOptions,
  type EmbeddedServer,
  embeddedStatus,
  runEmbedded,
  startEmbedded,
  stopEmbedded,
} from '../../../src/database/index.js';

const [command, json] = process.argv.slice(2) as [string, string];
const options = JSON.parse(json) as EmbeddedOptions;

try {
  switch (command) {
    case 'start':
      tell(factsOf(await startEmbedded(options)));
      break;
    case 'stop':
      tell({ stopped: await stopEmbedded(options) });
      break;
    case 'status':
      tell(await embeddedStatus(options));
      break;
    case 'run': {
      const stop = new AbortController();
      process.once('SIGINT', () => stop.abort());
      await runEmbedded({ ...options, signal: stop.signal, onReady: (server) => tell(factsOf(server)) });
      break;
    }
  }
} catch (error) {
  const { code, message } = error as Error & { readonly code?: string };
  tell({ code, message });
}

function factsOf(server: EmbeddedServer): object {
  const { url, port, startedHere, dataDir } = server;
  return { url, port, startedHere, dataDir };
}

function tell(result: object): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
