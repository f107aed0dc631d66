"""Route 53 through boto3: prints what it saw as JSON."""

import json
import sys

import boto3

route53 = boto3.client("route53", endpoint_url=sys.argv[1])
zone = route53.create_hosted_zone(Name="boto.example", CallerReference="boto")
zone_id = zone["HostedZone"]["Id"]


def change(action, name, kind, value):
    record = {"Name": name, "Type": kind, "TTL": 10, "ResourceRecords": [{"Value": value}]}
    return route53.change_resource_record_sets(
        HostedZoneId=zone_id,
        ChangeBatch={"Comment": "boto", "Changes": [{"Action": action, "ResourceRecordSet": record}]},
    )["ChangeInfo"]


info = change("CREATE", "*.boto.example", "A", "192.0.2.1")
route53.get_waiter("resource_record_sets_changed").wait(Id=info["Id"], WaiterConfig={"MaxAttempts": 1})
for number in range(5):
    change("UPSERT", f"read{number}.boto.example", "CNAME", "node.example")
try:
    change("CREATE", "read1.boto.example", "CNAME", "node.example")
    error = None
except route53.exceptions.InvalidChangeBatch as raised:
    error = raised.response["Error"]
pages = route53.get_paginator("list_resource_record_sets").paginate(
    HostedZoneId=zone_id, PaginationConfig={"PageSize": 2}
)
names = [record["Name"] for page in pages for record in page["ResourceRecordSets"]]
print(
    json.dumps(
        {
            "zone": zone["HostedZone"]["Name"],
            "status": info["Status"],
            "error": [error["Code"], error["Message"]],
            "names": names,
            "zones": [found["Id"] == zone_id for found in route53.list_hosted_zones()["HostedZones"]],
        }
    )
)
