import 'reflect-metadata';
import { runService } from '@countersign/service-kit';
import { startNotifier } from './notifier.service';

runService('notifier', startNotifier);
