export { ReplicateProvider } from './replicate/replicate.provider';
export { PROVIDER_NAME as REPLICATE, type BuildForm, type RawModelSchema, type ReplicateSettings } from './replicate/replicate-settings';
export { LIST_PRICES, type Hardware, type ModelPrice, type PriceTable } from './replicate/price-table';
export { startReplicateEmulator, EMULATOR_TOKEN, type EmulatorOptions, type ReplicateEmulator } from './emulator/replicate-emulator';
export { ERROR_BODIES, invalidInput } from './emulator/error-bodies';
export type { Fault, FaultAction, WebhookFault } from './emulator/faults';
export type { EmulatedModel } from './emulator/model-catalogue';
