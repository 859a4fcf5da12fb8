import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { ApprovalsModule } from './approvals/approvals.module';
import { BudgetModule } from './budget/budget.module';
import { BrowserAgentsModule } from './browser-agents/browser-agents.module';
import { GatewayPortsModule, type GatewaySettings } from './gateway-ports.module';
import { HttpModule } from './http/http.module';
import { MemoryModule } from './memory/memory.module';
import { ModelsModule } from './models/models.module';
import { OperatorsModule } from './operators/operators.module';
import { RealtimeModule } from './realtime/realtime.module';
import { RunsModule } from './runs/runs.module';
import { TeamsModule } from './teams/teams.module';
import { UploadsModule } from './uploads/uploads.module';
import { WebhooksModule } from './webhooks/webhooks.module';

/** One module per door: a new one is a folder and a line here. */
const DOORS: Type[] = [RunsModule, ApprovalsModule, TeamsModule, ModelsModule, UploadsModule, WebhooksModule, OperatorsModule, RealtimeModule, BrowserAgentsModule, MemoryModule, BudgetModule];

@Module({})
export class GatewayModule {
  static with(settings: GatewaySettings): DynamicModule {
    return { module: GatewayModule, imports: [GatewayPortsModule.with(settings), HttpModule, ...DOORS] };
  }
}
