import { Module } from '@nestjs/common';
import { ApprovalsModule } from '../approvals/approvals.module';
import { RunsModule } from '../runs/runs.module';
import { AskForBrowser, BrowserBooks } from './ask-for-browser';
import { BrowserController } from './browser.controller';
import { ReportForBrowser } from './report-for-browser';

/** The door of browser agents: ask before acting, report after. */
@Module({ imports: [ApprovalsModule, RunsModule], controllers: [BrowserController], providers: [BrowserBooks, AskForBrowser, ReportForBrowser] })
export class BrowserAgentsModule {}
