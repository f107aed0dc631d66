# What boto3 sees of CloudWatch: the endpoint is argv[1], the time in milliseconds argv[2]; prints JSON.

import datetime
import json
import sys

import boto3
from botocore.exceptions import ClientError

now = datetime.datetime.fromtimestamp(int(sys.argv[2]) / 1000, datetime.timezone.utc)
client = boto3.client("cloudwatch", endpoint_url=sys.argv[1])
hour = datetime.timedelta(hours=1)


def error(call):
    try:
        call()
    except ClientError as raised:
        response = raised.response
        return [
            response["Error"]["Code"],
            response["Error"]["Message"],
            response["ResponseMetadata"]["HTTPStatusCode"],
            type(raised).__name__,
        ]
    return None


seen = {}
for index in range(3):
    client.put_metric_data(
        Namespace="Boto",
        MetricData=[
            {
                "MetricName": "Latency",
                "Dimensions": [{"Name": "Host", "Value": f"h{index}"}],
                "Timestamp": now - datetime.timedelta(minutes=minute),
                "Value": minute + index,
                "Unit": "Milliseconds",
            }
            for minute in range(10)
        ],
    )
found = client.get_metric_statistics(
    Namespace="Boto",
    MetricName="Latency",
    Dimensions=[{"Name": "Host", "Value": "h1"}],
    StartTime=now - hour,
    EndTime=now + hour,
    Period=3600,
    Statistics=["Sum", "Average", "SampleCount"],
    ExtendedStatistics=["p90"],
)
seen["statistics"] = [
    [p["Sum"], p["Average"], p["SampleCount"], p["ExtendedStatistics"]["p90"], p["Unit"]]
    for p in sorted(found["Datapoints"], key=lambda point: point["Timestamp"])
]
pages = client.get_paginator("list_metrics").paginate(Namespace="Boto")
seen["metrics"] = [m["Dimensions"][0]["Value"] for page in pages for m in page["Metrics"]]
queries = [
    {
        "Id": f"m{index}",
        "MetricStat": {
            "Metric": {
                "Namespace": "Boto",
                "MetricName": "Latency",
                "Dimensions": [{"Name": "Host", "Value": f"h{index}"}],
            },
            "Period": 60,
            "Stat": "Sum",
        },
        "ReturnData": False,
    }
    for index in range(3)
]
pages = client.get_paginator("get_metric_data").paginate(
    MetricDataQueries=queries + [{"Id": "all", "Expression": "SUM(METRICS())", "Label": "everything"}],
    StartTime=now - hour,
    EndTime=now + hour,
    ScanBy="TimestampAscending",
    PaginationConfig={"PageSize": 4},
)
seen["data"] = [
    [r["Label"], r["StatusCode"], r["Values"]] for page in pages for r in page["MetricDataResults"]
]
resource = boto3.resource("cloudwatch", endpoint_url=sys.argv[1])
seen["resource"] = len(list(resource.metrics.filter(MetricName="Latency")))
client.put_dashboard(DashboardName="boto", DashboardBody=json.dumps({"widgets": []}))
pages = client.get_paginator("list_dashboards").paginate()
seen["dashboards"] = [d["DashboardName"] for page in pages for d in page["DashboardEntries"]]
client.put_metric_alarm(
    AlarmName="boto",
    Namespace="Boto",
    MetricName="Latency",
    Statistic="Sum",
    Period=60,
    EvaluationPeriods=1,
    Threshold=1,
    ComparisonOperator="GreaterThanThreshold",
)
client.set_alarm_state(AlarmName="boto", StateValue="ALARM", StateReason="testing")
pages = client.get_paginator("describe_alarm_history").paginate(AlarmName="boto")
seen["history"] = [i["HistorySummary"] for page in pages for i in page["AlarmHistoryItems"]]
seen["errors"] = {
    "dashboard": error(
        lambda: client.put_dashboard(DashboardName="boto", DashboardBody=json.dumps({"widgets": [{}]}))
    ),
    "image": error(lambda: client.get_metric_widget_image(MetricWidget="{}")),
    "unit": error(
        lambda: client.put_metric_data(
            Namespace="Boto", MetricData=[{"MetricName": "a", "Value": 1, "Unit": "Miles"}]
        )
    ),
    "many": error(
        lambda: client.get_metric_statistics(
            Namespace="Boto",
            MetricName="Latency",
            StartTime=now - 60 * hour,
            EndTime=now,
            Period=60,
            Statistics=["Sum"],
        )
    ),
    "alarms": error(
        lambda: client.put_composite_alarm(AlarmName="a", AlarmRule="TRUE")
    ),
}
print(json.dumps(seen))
