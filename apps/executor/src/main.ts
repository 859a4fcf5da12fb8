import 'reflect-metadata';
import { runService } from '@countersign/service-kit';
import { startExecutor } from './executor.service';

runService('executor', startExecutor);
