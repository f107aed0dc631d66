# The client of the Runtime API in a Ruby function's process: loads the handler, then fetches one invocation after the
# other.

require 'json'
require 'net/http'

HOST, PORT = ENV['AWS_LAMBDA_RUNTIME_API'].split(':')
PREFIX = '/2018-06-01/runtime/'
ERROR_TYPE = 'application/vnd.aws.lambda.error+json'

$stdout.sync = true
$stderr.sync = true

class Context
  attr_reader :aws_request_id, :invoked_function_arn, :deadline_ms, :client_context

  def initialize(response)
    @aws_request_id = response['lambda-runtime-aws-request-id']
    @invoked_function_arn = response['lambda-runtime-invoked-function-arn']
    @deadline_ms = response['lambda-runtime-deadline-ms'].to_i
    document = response['lambda-runtime-client-context']
    @client_context = document && JSON.parse(document)
  end

  def get_remaining_time_in_millis
    [@deadline_ms - (Time.now.to_f * 1000).to_i, 0].max
  end

  def function_name = ENV['AWS_LAMBDA_FUNCTION_NAME']
  def function_version = ENV['AWS_LAMBDA_FUNCTION_VERSION']
  def memory_limit_in_mb = ENV['AWS_LAMBDA_FUNCTION_MEMORY_SIZE']
  def log_group_name = ENV['AWS_LAMBDA_LOG_GROUP_NAME']
  def log_stream_name = ENV['AWS_LAMBDA_LOG_STREAM_NAME']
end

def failure(error, type)
  { errorMessage: error.message, errorType: type, stackTrace: error.backtrace || [] }
end

# An entry stays one line: its line breaks become carriage returns.
def log(message, error)
  puts message
  puts JSON.pretty_generate(error).tr("\n", "\r")
end

def load_handler
  file, *names = ENV['_HANDLER'].split('.')
  raise ArgumentError, "Invalid handler #{ENV['_HANDLER']}, must be of form FILENAME.METHOD" if names.empty?

  require File.join(ENV['LAMBDA_TASK_ROOT'], file)
  method = names.pop
  owner = names.empty? ? Object.new : Object.const_get(names.join('.'))
  owner.method(method)
end

client = Net::HTTP.new(HOST, PORT.to_i)
# The next invocation may take any time.
client.read_timeout = nil
client.start

begin
  handler = load_handler
rescue LoadError, SyntaxError, StandardError => e
  type = e.is_a?(SyntaxError) ? 'Init<SyntaxError>' : "Init<#{e.class}>"
  error = failure(e, type)
  log("Init error when loading handler #{ENV['_HANDLER']}", error)
  client.post("#{PREFIX}init/error", JSON.generate(error), 'content-type' => ERROR_TYPE)
  exit 1
end

loop do
  response = client.get("#{PREFIX}invocation/next")
  context = Context.new(response)
  path = "#{PREFIX}invocation/#{context.aws_request_id}"
  begin
    result = handler.call(event: JSON.parse(response.body), context: context)
    client.post("#{path}/response", JSON.generate(result), 'content-type' => 'application/json')
  rescue StandardError, NotImplementedError => e
    error = failure(e, "Function<#{e.class}>")
    log('Error raised from handler method', error)
    client.post("#{path}/error", JSON.generate(error), 'content-type' => ERROR_TYPE)
  end
end
