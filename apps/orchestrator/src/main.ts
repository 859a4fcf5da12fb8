import 'reflect-metadata';
import { runService } from '@countersign/service-kit';
import { startOrchestrator } from './orchestrator.service';

runService('orchestrator', startOrchestrator);
