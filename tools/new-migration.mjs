/* `npm run db:migration -- add-run-labels`: an empty migration under the name that the repository wants. */
import { writeFileSync } from 'node:fs';
import { at } from './places.mjs';

const FOLDER = 'libs/persistence/src/postgres/migrations';
const NAME = /^[a-z]+(-[a-z0-9]+)+$/;

const [name] = process.argv.slice(2);
if (name === undefined || !NAME.test(name)) {
  process.stderr.write('Name the migration as verb-subject in lower case: npm run db:migration -- add-run-labels\n');
  process.exit(1);
}
const stamp = Date.now();
const className = `${name.split('-').map((word) => word[0].toUpperCase() + word.slice(1)).join('')}${stamp}`;
const file = `${FOLDER}/${stamp}-${name}.ts`;
writeFileSync(at(file), `import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ${className} implements MigrationInterface {
  readonly name = '${className}';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(\`\`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(\`\`);
  }
}
`, { flag: 'wx' });
process.stdout.write(`${file}\nWrite both directions, list ${className} in ${FOLDER}/migrations.ts and bring schema.sql up to date.\n`);
