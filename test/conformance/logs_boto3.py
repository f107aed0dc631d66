# What boto3 sees of CloudWatch Logs Insights: the endpoint is argv[1], the log group argv[2], the time in seconds
# argv[3]; prints JSON.

import json
import sys

import boto3
from botocore.exceptions import ClientError

client = boto3.client("logs", endpoint_url=sys.argv[1])
group, now = sys.argv[2], int(sys.argv[3])
span = {"logGroupName": group, "startTime": now - 3600, "endTime": now}
seen = {}

query = client.start_query(queryString="filter @message like 'plain' | display @message", **span)["queryId"]
found = client.get_query_results(queryId=query)
while found["status"] in ("Scheduled", "Running"):
    found = client.get_query_results(queryId=query)
seen["status"] = found["status"]
seen["rows"] = [{f["field"]: f["value"] for f in row if f["field"] != "@ptr"} for row in found["results"]]
pointer = next(f["value"] for f in found["results"][0] if f["field"] == "@ptr")
seen["record"] = client.get_log_record(logRecordPointer=pointer)["logRecord"]["@message"]

try:
    client.start_query(queryString="nope", **span)
except client.exceptions.MalformedQueryException as raised:
    error = raised.response["Error"]
    seen["malformed"] = [error["Code"], error["Message"], raised.response["ResponseMetadata"]["HTTPStatusCode"]]

client.put_query_definition(name="saved", queryString="limit 1", logGroupNames=[group])
listed = client.describe_query_definitions(queryDefinitionNamePrefix="sav")["queryDefinitions"]
seen["definitions"] = [definition["name"] for definition in listed]

try:
    client.get_query_results(queryId="00000000-0000-4000-8000-000000000000")
except ClientError as raised:
    seen["missing"] = raised.response["Error"]["Code"]

print(json.dumps(seen))
