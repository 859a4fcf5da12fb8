import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
const FIXTURES = path.join(ROOT, 'test/fixtures/rolling');

type Columns = Map<string, string>;

/** Table → column → its definition, of a schema as `npm run db:schema` writes it. */
function tablesOf(sql: string): Map<string, Columns> {
  const tables = new Map<string, Columns>();
  for (const [, table = '', body = ''] of sql.matchAll(/^CREATE TABLE (\w+) \(\n(.*?)\n\);/gms)) {
    const columns = body.split(',\n').map((line) => line.trim()).filter((line) => !line.startsWith('CONSTRAINT'));
    tables.set(table, new Map(columns.map((line) => [line.split(' ')[0] ?? '', line.slice(line.indexOf(' ') + 1)])));
  }
  return tables;
}

const today = tablesOf(readFileSync(path.join(ROOT, 'libs/persistence/schema.sql'), 'utf8'));
const recorded = readdirSync(FIXTURES).filter((name) => name.startsWith('schema-'));

describe.each(recorded)('a process that knows only %s', (file) => {
  const older = tablesOf(readFileSync(path.join(FIXTURES, file), 'utf8'));

  it('finds a schema to compare', () => {
    expect(older.size).toBeGreaterThan(8);
    expect(older.get('hitl_runs')?.get('run_id')).toBe('uuid NOT NULL');
  });

  it('finds every table and column it reads, of the same type', () => {
    const gone = [...older].flatMap(([table, columns]) => [...columns].filter(([name, type]) => typeOf(today.get(table)?.get(name)) !== typeOf(type)).map(([name]) => `${table}.${name}`));
    expect(gone).toEqual([]);
  });

  it('can still insert: whatever was added since may be left out, and nothing may be refused that was allowed', () => {
    const refused = [...older].flatMap(([table, columns]) => [...(today.get(table) ?? [])].filter(([name, definition]) => {
      const before = columns.get(name);
      return before === undefined ? isAskedFor(definition) : isAskedFor(definition) && !isAskedFor(before);
    }).map(([name]) => `${table}.${name}`));
    expect(refused).toEqual([]);
  });
});

describe('the check itself', () => {
  it('sees a column that is gone, and one that an older process cannot fill', () => {
    const tables = tablesOf('CREATE TABLE t (\n  a uuid NOT NULL,\n  b text NOT NULL DEFAULT \'x\'::text,\n  CONSTRAINT p PRIMARY KEY (a)\n);');
    expect([...(tables.get('t') ?? [])]).toEqual([['a', 'uuid NOT NULL'], ['b', 'text NOT NULL DEFAULT \'x\'::text']]);
    expect([isAskedFor('uuid NOT NULL'), isAskedFor('text NOT NULL DEFAULT \'x\'::text'), isAskedFor('text'), isAskedFor('bigint GENERATED ALWAYS AS IDENTITY NOT NULL')]).toEqual([true, false, false, false]);
  });
});

function typeOf(definition: string | undefined): string {
  return (definition ?? '').replace(/ (?:NOT NULL|DEFAULT|GENERATED).*$/, '');
}

function isAskedFor(definition: string): boolean {
  return definition.includes('NOT NULL') && !/ (?:DEFAULT|GENERATED) /.test(definition);
}
