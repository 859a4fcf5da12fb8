import { describeAiProvider } from '@countersign/core/testing';
import { replicateStage } from '../emulator/replicate-stage';

describeAiProvider('ReplicateProvider on the emulator', () => replicateStage());
