import {
  artifactStoreContract, commandStoreContract, formStoreContract, insertRun, keyStoreContract, modelCallsContract, noticeStoreContract, outboxContract, parameterMemoryContract,
} from '@countersign/core/testing';
import { databaseStage, type DatabaseStage } from '../../testing/database-stage';
import { PostgresArtifactStore } from './postgres-artifact.store';
import { PostgresFormStore } from './postgres-form.store';
import { PostgresKeyStore } from './postgres-key.store';
import { PostgresModelCalls } from './postgres-model-calls';
import { PostgresNoticeStore } from './postgres-notice.store';
import { PostgresParameterMemory } from './postgres-parameter-memory';

let stage: DatabaseStage;
beforeAll(async () => {
  stage = await databaseStage();
});
afterAll(() => stage.close());
const storedRunId = async (): Promise<string> => (await insertRun(stage)).runId;

describe('PostgresOutbox', () => outboxContract(() => stage));
describe('PostgresCommandStore', () => commandStoreContract(() => stage));
describe('PostgresNoticeStore', () => noticeStoreContract(() => new PostgresNoticeStore(stage.pool), storedRunId));
describe('PostgresModelCalls', () => modelCallsContract(() => stage, () => new PostgresModelCalls(stage.pool)));
describe('PostgresFormStore', () => formStoreContract(() => new PostgresFormStore(stage.dataSource)));
describe('PostgresKeyStore', () => keyStoreContract(() => new PostgresKeyStore(stage.dataSource)));
describe('PostgresArtifactStore', () => artifactStoreContract(() => new PostgresArtifactStore(stage.dataSource), storedRunId));
describe('PostgresParameterMemory', () => parameterMemoryContract(() => stage, () => new PostgresParameterMemory(stage.pool)));
