import { launchStoreContract } from '@countersign/core/testing';
import { databaseStage, type DatabaseStage } from '../../testing/database-stage';

describe('PostgresLaunchStore', () => {
  let stage: DatabaseStage;
  beforeAll(async () => {
    stage = await databaseStage();
  });
  afterAll(() => stage.close());

  launchStoreContract(() => stage);
});
