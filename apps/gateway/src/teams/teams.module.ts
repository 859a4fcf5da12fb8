import { Module } from '@nestjs/common';
import { RunsModule } from '../runs/runs.module';
import { TeamsController } from './teams.controller';
import { TeamsRun } from './teams-run';

@Module({ imports: [RunsModule], controllers: [TeamsController], providers: [TeamsRun] })
export class TeamsModule {}
