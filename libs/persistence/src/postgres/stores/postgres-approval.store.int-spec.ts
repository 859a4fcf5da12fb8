import { approvalStoreContract, claimContract } from '@countersign/core/testing';
import { databaseStage, type DatabaseStage } from '../../testing/database-stage';

describe('PostgresApprovalStore', () => {
  let stage: DatabaseStage;
  beforeAll(async () => {
    stage = await databaseStage();
  });
  afterAll(() => stage.close());

  approvalStoreContract(() => stage);
  describe('claims', () => claimContract(() => stage));
});
