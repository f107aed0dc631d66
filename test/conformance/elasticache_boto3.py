"""ElastiCache through boto3: one group and one cluster through their lives, what was seen printed as one JSON object.

Started by elasticache-boto3.test.ts with Millpond's URL as its argument; asserts nothing itself.
"""

import json
import sys

import boto3
from botocore.exceptions import ClientError, WaiterError

WAITER = {"Delay": 1, "MaxAttempts": 60}

client = boto3.client(
    "elasticache",
    endpoint_url=sys.argv[1],
    region_name="us-east-1",
    aws_access_key_id="test",
    aws_secret_access_key="test",
)


def error_of(call, **arguments):
    """Code, HTTP status and exception class of the error that a call ends in."""
    try:
        call(**arguments)
    except ClientError as error:
        return {
            "code": error.response["Error"]["Code"],
            "status": error.response["ResponseMetadata"]["HTTPStatusCode"],
            "class": type(error).__name__,
        }
    return None


def wait(name, **arguments):
    client.get_waiter(name).wait(WaiterConfig=WAITER, **arguments)


def replication_group():
    created = client.create_replication_group(
        ReplicationGroupId="boto",
        ReplicationGroupDescription="through boto3",
        Engine="valkey",
        NumNodeGroups=2,
        ReplicasPerNodeGroup=1,
        CacheParameterGroupName="default.valkey9.cluster.on",
    )["ReplicationGroup"]
    wait("replication_group_available", ReplicationGroupId="boto")
    group = client.describe_replication_groups(ReplicationGroupId="boto")["ReplicationGroups"][0]
    members = [
        cluster["CacheClusterId"]
        for page in client.get_paginator("describe_cache_clusters").paginate(ShowCacheNodeInfo=True)
        for cluster in page["CacheClusters"]
    ]
    client.delete_replication_group(ReplicationGroupId="boto")
    wait("replication_group_deleted", ReplicationGroupId="boto")
    return {
        "created": created["Status"],
        "status": group["Status"],
        "slots": [nodes["Slots"] for nodes in group["NodeGroups"]],
        "roles": [m.get("CurrentRole") for n in group["NodeGroups"] for m in n["NodeGroupMembers"]],
        "members": members,
    }


def cache_cluster():
    client.create_cache_cluster(CacheClusterId="lone", Engine="redis", CacheNodeType="cache.t4g.micro")
    wait("cache_cluster_available", CacheClusterId="lone")
    cluster = client.describe_cache_clusters(CacheClusterId="lone", ShowCacheNodeInfo=True)["CacheClusters"][0]
    tags = client.add_tags_to_resource(ResourceName=cluster["ARN"], Tags=[{"Key": "a", "Value": "b"}])["TagList"]
    client.delete_cache_cluster(CacheClusterId="lone")
    wait("cache_cluster_deleted", CacheClusterId="lone")
    return {"status": cluster["CacheClusterStatus"], "port": cluster["CacheNodes"][0]["Endpoint"]["Port"], "tags": tags}


def events():
    pages = client.get_paginator("describe_events").paginate(Duration=60)
    found = [event for page in pages for event in page["Events"]]
    newest_first = all(a["Date"] >= b["Date"] for a, b in zip(found, found[1:]))
    return {"newestFirst": newest_first, "messages": [event["Message"] for event in found]}


def errors():
    try:
        wait("replication_group_available", ReplicationGroupId="nobody")
        waiter = None
    except WaiterError as error:
        waiter = error.last_response["Error"]["Code"]
    return {
        "waiter": waiter,
        "group": error_of(client.describe_replication_groups, ReplicationGroupId="nobody"),
        "cluster": error_of(client.describe_cache_clusters, CacheClusterId="nobody"),
        "subnets": error_of(client.describe_cache_subnet_groups, CacheSubnetGroupName="nobody"),
        "auth": error_of(
            client.create_replication_group,
            ReplicationGroupId="auth",
            ReplicationGroupDescription="refused",
            AuthToken="a-token-of-at-least-16",
        ),
    }


seen = {step.__name__: step() for step in (replication_group, cache_cluster, events, errors)}
print(json.dumps(seen))
