import { Module } from '@nestjs/common';
import { ModelsModule } from '../models/models.module';
import { RunsModule } from '../runs/runs.module';
import { ApplyEdits } from './apply-edits';
import { ApplyWords } from './apply-words';
import { ApprovalsController } from './approvals.controller';
import { ClaimApproval } from './claim-approval';
import { ClaimController } from './claim.controller';
import { DecideApproval, RecordAnswer } from './decide-approval';
import { DecideController } from './decide.controller';
import { DecideRun } from './decide-run';
import { ReadWordsByModel } from './read-by-model';
import { SeeApprovals } from './see-approvals';

@Module({
  imports: [ModelsModule, RunsModule],
  controllers: [ApprovalsController, DecideController, ClaimController],
  providers: [SeeApprovals, ApplyEdits, ApplyWords, ReadWordsByModel, RecordAnswer, DecideApproval, DecideRun, ClaimApproval],
  exports: [SeeApprovals, DecideApproval, ClaimApproval],
})
export class ApprovalsModule {}
