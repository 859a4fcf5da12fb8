import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { GatewayPortsModule, type GatewaySettings } from './gateway-ports.module';
import { HttpModule } from './http/http.module';
import { UploadsModule } from './uploads/uploads.module';

/** One module per door: a new one is a folder and a line here. */
const DOORS: Type[] = [UploadsModule];

@Module({})
export class GatewayModule {
  static with(settings: GatewaySettings): DynamicModule {
    return { module: GatewayModule, imports: [GatewayPortsModule.with(settings), HttpModule, ...DOORS] };
  }
}
