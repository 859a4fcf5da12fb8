import { runStoreContract } from '@countersign/core/testing';
import { databaseStage, type DatabaseStage } from '../../testing/database-stage';

describe('PostgresRunStore', () => {
  let stage: DatabaseStage;
  beforeAll(async () => {
    stage = await databaseStage();
  });
  afterAll(() => stage.close());

  runStoreContract(() => stage);
});
