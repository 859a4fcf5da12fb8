import path from 'node:path';
import { codeFiles, filesBelow, read } from './source-files';

const MAX_LINES = 400;
/** Words that say nothing about what is inside. */
const EMPTY_NAMES = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'types', 'manager', 'base', 'shared', 'stuff']);
const KEBAB = /^\.?[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/;
const INDEX = /^(?:libs\/[^/]+\/src\/index\.ts|libs\/core\/src\/testing\/index\.ts|apps\/inbox\/index\.html)$/;
const MIGRATION = /^\d{13}-[a-z]+(?:-[a-z0-9]+)+\.ts$/;
const MAX_LEVELS_BELOW_SRC = 3;
const BINARY = /\.(?:png|jpe?g|webp|gif|ico|wav|mp3|ogg|pdf|wasm|woff2?|traineddata|gz|zip|bin)$/;
/** Homes and work folders of somebody's machine; not those of nobody in particular, and of the official Node image. */
const MACHINE = new RegExp(['home/(?!(?:node|me|user|you)\\b)[a-z]', 'Users/[A-Za-z]', 'root/', 'work/(?:main|shared)'].map((place) => `(?:^|[\\s"'\`(=:])/${place}`).join('|'), 'm');

const files = codeFiles();

describe('files', () => {
  it(`have at most ${MAX_LINES} lines`, () => {
    expect(files.filter((file) => read(file).split('\n').length - 1 > MAX_LINES)).toEqual([]);
  });

  it('have names in kebab-case that say something', () => {
    const bad = files.filter((file) => {
      const name = path.posix.basename(file);
      // React components are named as what they export.
      const cased = KEBAB.test(name) || file.endsWith('.tsx');
      return !cased || EMPTY_NAMES.has(name.split('.')[0] ?? '');
    });
    expect(bad).toEqual([]);
  });

  it('are in folders whose names say something', () => {
    const folders = new Set(files.flatMap((file) => path.posix.dirname(file).split('/')));
    // test/types is what must not compile.
    expect([...folders].filter((folder) => EMPTY_NAMES.has(folder) && folder !== 'types')).toEqual([]);
    expect(files.filter((file) => /\/types\//.test(file) && !file.startsWith('test/types/'))).toEqual([]);
  });

  it('lie at most three folders below src', () => {
    const deep = files.filter((file) => /^(?:apps|libs)\//.test(file) && path.posix.dirname(file.split('/src/')[1] ?? '').split('/').length > MAX_LEVELS_BELOW_SRC);
    expect(deep).toEqual([]);
  });

  it('are an index only at the door of a lib', () => {
    expect(files.filter((file) => /^index\./.test(path.posix.basename(file)) && !INDEX.test(file))).toEqual([]);
  });

  it('that are migrations are named by time, verb and subject', () => {
    const migrations = files.filter((file) => /\/migrations\/(?!migrations\.ts)[^/]+\.ts$/.test(file) && !file.endsWith('spec.ts'));
    expect(migrations.filter((file) => !MIGRATION.test(path.posix.basename(file)))).toEqual([]);
  });

  it('name no place on a developer machine', () => {
    const text = filesBelow().filter((file) => !BINARY.test(file) && path.posix.basename(file) !== 'package-lock.json');
    expect(text.filter((file) => MACHINE.test(read(file)))).toEqual([]);
  });
});
