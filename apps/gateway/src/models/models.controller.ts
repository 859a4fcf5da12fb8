import { AskingQueryDto, ModelView, ProviderListView } from '@countersign/contracts';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Problems } from '../http/docs/problem-docs';
import { OfferedModels } from './offered-models';

@ApiTags('models')
@Controller('hitl')
export class ModelsController {
  constructor(private readonly models: OfferedModels) {}

  @Get('providers')
  @ApiOperation({ summary: 'Registered providers', description: 'With their tools and capabilities, and their models where the list is closed.' })
  @ApiOkResponse({ type: ProviderListView })
  @Problems('VALIDATION_FAILED')
  providers(@Query() _asking: AskingQueryDto): ProviderListView {
    return this.models.providers();
  }

  @Get('models/:provider/:owner/:name')
  @ApiOperation({ summary: 'A model\'s input form', description: 'Resolved from the model\'s own schema: fields, types, ranges, choices, roles of file fields, version. `name` may carry `:version`.' })
  @ApiParam({ name: 'provider', example: 'replicate' })
  @ApiParam({ name: 'owner', example: 'lucataco' })
  @ApiParam({ name: 'name', example: 'remove-bg' })
  @ApiOkResponse({ type: ModelView })
  @Problems('PROVIDER_NOT_FOUND', 'MODEL_NOT_FOUND', 'MODEL_UNAVAILABLE', 'VALIDATION_FAILED')
  model(@Param('provider') provider: string, @Param('owner') owner: string, @Param('name') name: string, @Query() _asking: AskingQueryDto): Promise<ModelView> {
    return this.models.model(provider, `${owner}/${name}`);
  }
}
