# What boto3 sees of ECS, as JSON on stdout.
import json
import sys

import boto3
from botocore.exceptions import ClientError

ecs = boto3.client("ecs", endpoint_url=sys.argv[1], region_name="us-east-1")
network = {"awsvpcConfiguration": {"subnets": [sys.argv[2]]}}


def error_of(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return {
            "class": type(error).__name__,
            "code": error.response["Error"]["Code"],
            "status": error.response["ResponseMetadata"]["HTTPStatusCode"],
        }


ecs.register_task_definition(
    family="boto",
    cpu="256",
    memory="512",
    networkMode="awsvpc",
    requiresCompatibilities=["FARGATE"],
    containerDefinitions=[{"name": "app", "image": "app:1"}],
)
begun = ecs.run_task(taskDefinition="boto", count=3, launchType="FARGATE", networkConfiguration=network)["tasks"]
tasks = [task["taskArn"] for task in begun]
ecs.get_waiter("tasks_running").wait(tasks=tasks)
running = ecs.describe_tasks(tasks=tasks)["tasks"]
pages = list(ecs.get_paginator("list_tasks").paginate(PaginationConfig={"PageSize": 1}))
for task in tasks:
    ecs.stop_task(task=task, reason="done")
ecs.get_waiter("tasks_stopped").wait(tasks=tasks)
stopped = ecs.describe_tasks(tasks=tasks)["tasks"]
print(
    json.dumps(
        {
            "running": [task["lastStatus"] for task in running],
            "stopped": [task["lastStatus"] for task in stopped],
            "reasons": sorted({task["stoppedReason"] for task in stopped}),
            "pages": len(pages),
            "families": [one for page in ecs.get_paginator("list_task_definition_families").paginate() for one in page["families"]],
            "missing": error_of(ecs.list_tasks, cluster="none"),
            "none": error_of(ecs.stop_task, task="0" * 32),
            "created": type(stopped[0]["createdAt"]).__name__,
        }
    )
)
