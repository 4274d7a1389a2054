import { Controller, Get, Param } from '@nestjs/common'
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger'
import { PolicyAudits, PolicyDocument } from '@reeltag/contracts'
import { evidenceOf, precisionByPropensity, promisesOf } from '@reeltag/decisions'
import { Answers, Needs, WorkspaceId } from '@reeltag/http'
import { PoliciesRepository } from '../policies/policies.repository.js'
import { isGroup, watchFor } from './audit-answers.js'
import { AuditsRepository } from './audits.repository.js'

@ApiTags('policies')
@ApiBearerAuth()
@Controller('v1/policies')
export class AuditsController {
  constructor(
    private readonly audits: AuditsRepository,
    private readonly policies: PoliciesRepository,
  ) {}

  @Get(':id/audits')
  @Needs('policies:read')
  @ApiOperation({
    summary: 'What audits say of each promise of a policy',
    description:
      'Together with the policies that took its place when a promise was broken: they stand on the same proof.',
  })
  @Answers(200, PolicyAudits, 'Audits, precision and the state of the watch, by group', [404])
  async get(@Param('id') id: string, @WorkspaceId() workspaceId: string): Promise<PolicyAudits> {
    const policy = await this.policies.get(workspaceId, id)
    const proof = policy.derived_from === null ? policy : await this.policies.get(workspaceId, policy.derived_from)
    const document = PolicyDocument.parse(proof.document)
    const [counts, watches] = await Promise.all([this.audits.count(proof.id), this.audits.watches(proof.id)])
    const groups = promisesOf(document).flatMap((promise) => {
      const { facet, mask, under, group } = promise
      const watch = watches.find((each) => isGroup(each, promise))?.watch ?? watchFor(document, promise)
      if (watch === undefined) return []
      const { chosen, answers } = counts.find((each) => isGroup(each, promise)) ?? { chosen: 0, answers: [] }
      const { precision, lower, upper, n } = precisionByPropensity(answers)
      return {
        facet,
        mask,
        under,
        error: group.error,
        chosen,
        answered: n,
        wrong: answers.filter(({ correct }) => !correct).length,
        precision,
        interval: { lower, upper },
        watch: {
          state: watch.alarmAt === null ? ('kept' as const) : ('broken' as const),
          evidence: evidenceOf(watch),
          alarmFrom: 1 / watch.delta,
          falseAlarm: watch.delta,
          alarmAt: watch.alarmAt,
        },
      }
    })
    return { policy: policy.ref, groups }
  }
}
