import { RemovalPolicy } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import {
  AttributeType,
  Billing,
  Operation,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { SESSIONS_TABLE } from '../../functions/shared/store/table.ts';
import { ALARM_PERIOD, type ServiceAlarms } from './service-alarms.ts';

/** The item operations that a function can be granted. */
type TableAction =
  | 'BatchGetItem'
  | 'ConditionCheckItem'
  | 'DeleteItem'
  | 'GetItem'
  | 'PutItem'
  | 'Query'
  | 'UpdateItem';

const OPERATIONS = [
  Operation.BATCH_GET_ITEM,
  Operation.DELETE_ITEM,
  Operation.GET_ITEM,
  Operation.PUT_ITEM,
  Operation.QUERY,
  Operation.TRANSACT_WRITE_ITEMS,
  Operation.UPDATE_ITEM,
];

const stringKey = (name: string) => ({ name, type: AttributeType.STRING });

/**
 * The index of the release before, which nothing writes or reads any more. It is kept for this release, so that a return to
 * the one before creates no index, and is removed in the next one.
 */
const BY_DUE = {
  indexName: 'byDue',
  partitionKey: stringKey('dueBucket'),
  sortKey: stringKey(SESSIONS_TABLE.partitionKey),
  projectionType: ProjectionType.KEYS_ONLY,
};

/** The table `sessions`. It is retained when the stack is deleted, and restorable to any second of the last 35 days. */
export class SessionsTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, props: { readonly alarms: ServiceAlarms }) {
    super(scope, id);
    const { partitionKey, sortKey, timeToLiveAttribute, byDueAt } = SESSIONS_TABLE;
    this.table = new TableV2(this, 'Table', {
      partitionKey: stringKey(partitionKey),
      sortKey: stringKey(sortKey),
      timeToLiveAttribute,
      globalSecondaryIndexes: [
        {
          indexName: byDueAt.indexName,
          partitionKey: stringKey(byDueAt.partitionKey),
          sortKey: { name: byDueAt.sortKey, type: AttributeType.NUMBER },
          projectionType: ProjectionType.KEYS_ONLY,
        },
        BY_DUE,
      ],
      billing: Billing.onDemand(),
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    for (const operation of OPERATIONS) this.addThrottleAlarm(props.alarms, operation);
  }

  /** Allows exactly these actions on the table, and none on its index. */
  grant(grantee: IGrantable, ...actions: readonly TableAction[]): void {
    Grant.addToPrincipal({
      grantee,
      actions: actions.map((action) => `dynamodb:${action}`),
      resourceArns: [this.table.tableArn],
    });
  }

  /** Allows the requests that record items of webhooks and of events. */
  grantInbound(grantee: IGrantable): void {
    this.grant(grantee, 'BatchGetItem', 'ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'UpdateItem');
  }

  /** Allows queries of the index `byDueAt`, which holds keys only. */
  grantFindDue(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:Query'],
      resourceArns: [`${this.table.tableArn}/index/${SESSIONS_TABLE.byDueAt.indexName}`],
    });
  }

  /**
   * One alarm per operation, with missing data filled with zeros: DynamoDB publishes a metric only while it throttles, a
   * sum over operations has no data as soon as one operation has none, and CloudWatch keeps the state of an alarm on an
   * AWS/DynamoDB metric while data is missing, so the alarm would never end.
   */
  private addThrottleAlarm(alarms: ServiceAlarms, operation: Operation): void {
    alarms.addAlarm(this, `${operation}Throttles`, {
      metric: new MathExpression({
        expression: 'FILL(throttles, 0)',
        usingMetrics: { throttles: this.table.metricThrottledRequestsForOperation(operation) },
        period: ALARM_PERIOD,
      }),
      threshold: 1,
      impact: `DynamoDB throttles ${operation}: messages are recorded late, and sends and reads fail.`,
      runbook: 'table-throttles',
    });
  }
}
