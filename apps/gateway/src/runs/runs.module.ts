import { Module } from '@nestjs/common';
import { BudgetModule } from '../budget/budget.module';
import { ModelsModule } from '../models/models.module';
import { CommandLog, CommandRun } from './command-run';
import { ControlController } from './control.controller';
import { ExplainRun } from './explain-run';
import { FindJob } from './find-job';
import { ForkEdits } from './fork-edits';
import { ForkBooks, ForkRun } from './fork-run';
import { ListController } from './list.controller';
import { ListRuns } from './list-runs';
import { ReceiptController } from './receipt.controller';
import { SeeController } from './see.controller';
import { SeeReceipt } from './see-receipt';
import { SeeRun } from './see-run';
import { SeeState } from './see-state';
import { StartController } from './start.controller';
import { StartDoor } from './start-door';
import { StartRun } from './start-run';
import { TakeRequest } from './take-request';

@Module({
  imports: [ModelsModule, BudgetModule],
  controllers: [StartController, ListController, SeeController, ControlController, ReceiptController],
  providers: [TakeRequest, StartRun, StartDoor, ExplainRun, SeeRun, SeeState, SeeReceipt, ListRuns, FindJob, CommandLog, CommandRun, ForkEdits, ForkBooks, ForkRun],
  exports: [StartRun, StartDoor, SeeRun, ListRuns, CommandRun],
})
export class RunsModule {}
