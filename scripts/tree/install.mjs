/**
 * The dependencies, installed as package-lock.json says.
 *
 * `npm install --no-save` rather than `npm ci`: `ci` begins by deleting node_modules, and with it the programs
 * of an embedded PostgreSQL that may be running from there; it also refuses a lock file that was written where
 * the packages of some other platform could not be looked up. Both install the versions of the lock file.
 * Install scripts of packages are not run: nothing of Plinth needs one, and some npm configurations block them.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { runBehindLine } from './process.mjs';
import { pathInTree } from './root.mjs';

const LOCK_FILE = pathInTree('package-lock.json');
/** What npm itself writes down about the packages it put into node_modules. */
const INSTALLED_FILE = pathInTree('node_modules/.package-lock.json');
/** The digest of the lock file that node_modules was last seen to satisfy. */
const STAMP_FILE = pathInTree('node_modules/.plinth-install');

const INSTALL = [
  'install',
  '--no-save',
  '--include=dev',
  '--include=optional',
  '--ignore-scripts',
  '--prefer-offline',
  '--no-audit',
  '--no-fund',
  '--no-update-notifier',
  '--loglevel=error',
];

/** Whether node_modules holds what the lock file asks for on this platform. */
export function installIsFresh() {
  const installed = textOf(INSTALLED_FILE);
  if (installed === undefined) {
    return false;
  }
  const stamp = stampOf(installed);
  if (textOf(STAMP_FILE) === stamp) {
    return true;
  }
  // Somebody ran npm by hand since the last time: compare the packages themselves.
  const matches = satisfies(packagesOf(readFileSync(LOCK_FILE, 'utf8')), packagesOf(installed));
  if (matches) {
    writeStamp(stamp);
  }
  return matches;
}

export async function install() {
  const [program, ...args] = npmCommand();
  await runBehindLine('Installing the dependencies', program, [...args, ...INSTALL]);
  writeStamp(stampOf(readFileSync(INSTALLED_FILE, 'utf8')));
}

/**
 * @typedef {{ version?: string, optional?: boolean, link?: boolean }} LockedPackage
 * @typedef {Readonly<Record<string, LockedPackage>>} LockedPackages
 */

/**
 * Optional packages may be absent: most are for other platforms, and npm leaves out one that it cannot fetch.
 * @param {LockedPackages} wanted
 * @param {LockedPackages} installed
 */
function satisfies(wanted, installed) {
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    const found = installed[path];
    return path === '' || (found ? found.version === version : optional === true);
  });
}

/**
 * @param {string} text
 * @returns {LockedPackages}
 */
function packagesOf(text) {
  return JSON.parse(text).packages ?? {};
}

/**
 * Changes with the lock file, with what npm installed, and with the platform, whose packages differ.
 * @param {string} installed
 */
function stampOf(installed) {
  return createHash('sha256')
    .update(readFileSync(LOCK_FILE))
    .update(installed)
    .update(`${process.platform}-${process.arch}`)
    .digest('hex');
}

/** @param {string} stamp */
function writeStamp(stamp) {
  try {
    writeFileSync(STAMP_FILE, stamp);
  } catch {
    // A tree that cannot be written to is compared again the next time.
  }
}

/** @param {string} path */
function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * The npm that runs us, or else the one on the path.
 * @returns {readonly [string, ...string[]]}
 */
function npmCommand() {
  const { npm_execpath: running } = process.env;
  if (running?.endsWith('npm-cli.js')) {
    return [process.execPath, running];
  }
  // On Windows npm is a script that only a shell can run.
  return process.platform === 'win32' ? ['cmd.exe', '/d', '/c', 'npm'] : ['npm'];
}
