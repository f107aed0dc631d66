# What boto3 sees of Elastic Load Balancing, as JSON on stdout. Arguments: the URL, two subnets, the VPC.
import json
import sys

import boto3
from botocore.exceptions import ClientError

url, subnets, vpc = sys.argv[1], sys.argv[2:4], sys.argv[4]
elb = boto3.client("elbv2", endpoint_url=url, region_name="us-east-1")
SOON = {"Delay": 1, "MaxAttempts": 20}


def error_of(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return {
            "class": type(error).__name__,
            "code": error.response["Error"]["Code"],
            "status": error.response["ResponseMetadata"]["HTTPStatusCode"],
        }


def wait(name, **arguments):
    elb.get_waiter(name).wait(WaiterConfig=SOON, **arguments)


made = [
    elb.create_load_balancer(Name=name, Subnets=subnets, Scheme="internal")["LoadBalancers"][0]
    for name in ("one", "two")
]
arn = made[0]["LoadBalancerArn"]
wait("load_balancer_exists", Names=["one", "two"])
wait("load_balancer_available", LoadBalancerArns=[arn])
group = elb.create_target_group(Name="web", TargetType="ip", Protocol="HTTP", Port=80, VpcId=vpc)["TargetGroups"][0]
group_arn = group["TargetGroupArn"]
listener = elb.create_listener(
    LoadBalancerArn=arn,
    Port=80,
    Protocol="HTTP",
    DefaultActions=[{"Type": "forward", "TargetGroupArn": group_arn}],
)["Listeners"][0]
rules = [
    elb.create_rule(
        ListenerArn=listener["ListenerArn"],
        Priority=priority,
        Conditions=[{"Field": "host-header", "HostHeaderConfig": {"Values": ["%d.test" % priority]}}],
        Actions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}],
    )["Rules"][0]
    for priority in (3, 1, 2)
]
target = {"Id": "172.31.0.9"}
elb.register_targets(TargetGroupArn=group_arn, Targets=[target])
wait("target_in_service", TargetGroupArn=group_arn, Targets=[target])
elb.modify_target_group_attributes(
    TargetGroupArn=group_arn, Attributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": "1"}]
)
elb.deregister_targets(TargetGroupArn=group_arn, Targets=[target])
wait("target_deregistered", TargetGroupArn=group_arn, Targets=[target])


def pages(name, key, shown, **arguments):
    found = elb.get_paginator(name).paginate(PaginationConfig={"PageSize": 1}, **arguments)
    return [item[shown] for page in found for item in page[key]]


answer = {
    "balancers": pages("describe_load_balancers", "LoadBalancers", "LoadBalancerName"),
    "groups": pages("describe_target_groups", "TargetGroups", "TargetGroupName"),
    "rules": pages("describe_rules", "Rules", "Priority", ListenerArn=listener["ListenerArn"]),
    "limits": len(pages("describe_account_limits", "Limits", "Name")),
    "policies": len(pages("describe_ssl_policies", "SslPolicies", "Name")),
    "health": elb.describe_target_health(TargetGroupArn=group_arn)["TargetHealthDescriptions"],
    "missing": error_of(elb.describe_load_balancers, Names=["none"]),
    "twice": error_of(elb.create_load_balancer, Name="one", Subnets=subnets),
    "in_use": error_of(elb.delete_target_group, TargetGroupArn=group_arn),
    "priority": error_of(
        elb.set_rule_priorities, RulePriorities=[{"RuleArn": rules[0]["RuleArn"], "Priority": 1}]
    ),
    "marker": error_of(elb.describe_target_groups, Marker="x"),
    "denied": error_of(
        elb.register_targets,
        TargetGroupArn=elb.create_target_group(Name="fns", TargetType="lambda")["TargetGroups"][0]["TargetGroupArn"],
        Targets=[{"Id": "arn:aws:lambda:us-east-1:000000000000:function:none"}],
    ),
}
for balancer in made:
    elb.delete_load_balancer(LoadBalancerArn=balancer["LoadBalancerArn"])
wait("load_balancers_deleted", LoadBalancerArns=[arn])
print(json.dumps(answer))
