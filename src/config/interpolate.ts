import type { SourceRange } from '../core/index.js';
import { CONFIG_ERRORS } from './errors.js';

/**
 * Replaces `${NAME}` and `${NAME:-default}` in a scalar by the environment's values; `$${` stands for `${`.
 * @throws CONFIG_VARIABLE_UNSET when a variable is not set and has no default
 */
export function interpolate(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
  source: SourceRange,
): string {
  return text.replace(/\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g, (match, name, fallback) => {
    if (match === '$${') {
      return '${';
    }
    const value = environment[name] || fallback;
    if (value === undefined) {
      throw CONFIG_ERRORS.VARIABLE_UNSET({
        message: `Cannot read ${source.file}: the environment variable ${name} is not set`,
        details: { variable: name },
        source,
      });
    }
    return value;
  });
}
