#include "engine/plan/plan_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "engine/plan/plan_codec.h"

// The file: magic, format version, size and checksum of the rest, then the plan's parts in the
// order of struct Plan. Of our own making, since zip archives of JSON (as Terraform's are) cost
// more to write than everything else in a plan of many resources. The prior state refers to the
// base state's objects where they are the same.
namespace tkn::plan {
namespace {

constexpr std::string_view kMagic = "tkn-plan";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kHeaderSize = 8 + 4 + 8 + 8;
constexpr std::uint64_t kMaxSize = std::uint64_t{4} << 30;

// FNV-1a: finds damage; whoever wants to deceive can write any plan anyway.
std::uint64_t Checksum(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

template <typename T>
void AppendFixed(std::string& out, T number) {
  for (std::size_t i = 0; i < sizeof(T); ++i) out += static_cast<char>((number >> (8 * i)) & 0xff);
}

template <typename T>
T ReadFixed(std::string_view bytes) {
  T number = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    number |= static_cast<T>(static_cast<T>(static_cast<unsigned char>(bytes[i])) << (8 * i));
  }
  return number;
}

// --- states

void WriteObject(PlanWriter& out, const state::StoredObject& object) {
  out.Write(object.address);
  out.Text(object.deposed_key);
  out.Write(object.provider);
  out.Number(static_cast<std::uint64_t>(object.status));
  out.Signed(object.schema_version);
  out.Text(object.attributes_json);
  out.Each(object.sensitive_paths, [&](const Path& path) { out.Write(path); });
  out.Text(object.private_bytes);
  out.Each(object.dependencies, [&](const ConfigResource& resource) { out.Write(resource); });
  out.Bool(object.create_before_destroy);
  out.Text(object.identity_json);
  out.Signed(object.identity_schema_version);
}

state::StoredObject ReadObject(PlanReader& in) {
  state::StoredObject object;
  object.address = in.Address();
  object.deposed_key = in.String();
  object.provider = in.Provider();
  object.status = in.OneOf(state::ObjectStatus::kTainted);
  object.schema_version = in.Signed();
  object.attributes_json = in.String();
  in.Each([&] { object.sensitive_paths.push_back(in.Path()); });
  object.private_bytes = in.String();
  in.Each([&] { object.dependencies.push_back(in.ConfigResource()); });
  object.create_before_destroy = in.Bool();
  object.identity_json = in.String();
  object.identity_schema_version = in.Signed();
  return object;
}

bool SameObject(const state::StoredObject& a, const state::StoredObject& b) {
  return a.deposed_key == b.deposed_key && a.attributes_json == b.attributes_json &&
         a.status == b.status && a.schema_version == b.schema_version &&
         a.private_bytes == b.private_bytes && a.create_before_destroy == b.create_before_destroy &&
         a.identity_json == b.identity_json &&
         a.identity_schema_version == b.identity_schema_version && a.provider == b.provider &&
         a.address == b.address && a.sensitive_paths == b.sensitive_paths &&
         a.dependencies == b.dependencies;
}

// `base`: objects that are in it as they are here are written as its index.
void WriteSnapshot(PlanWriter& out, const state::Snapshot& snapshot, const state::Snapshot* base) {
  out.Text(snapshot.lineage);
  out.Number(snapshot.serial);
  out.Text(snapshot.terraform_version);
  out.Each(snapshot.objects, [&](const state::StoredObject& object) {
    const state::StoredObject* same =
        base == nullptr ? nullptr : base->Find(object.address, object.deposed_key);
    if (same != nullptr && SameObject(*same, object)) {
      out.Number(static_cast<std::uint64_t>(same - base->objects.data()) + 1);
      return;
    }
    out.Number(0);
    WriteObject(out, object);
  });
  out.Each(snapshot.outputs, [&](const state::StoredOutput& output) {
    out.Text(output.name);
    out.Text(output.value_json);
    out.Text(output.type_json);
    out.Bool(output.sensitive);
  });
  out.Text(snapshot.checks.json);
}

std::shared_ptr<state::Snapshot> ReadSnapshot(PlanReader& in, const state::Snapshot* base) {
  auto snapshot = std::make_shared<state::Snapshot>();
  snapshot->lineage = in.String();
  snapshot->serial = in.Number();
  snapshot->terraform_version = in.String();
  in.Each([&] {
    const std::uint64_t index = in.Number();
    if (index == 0) {
      snapshot->objects.push_back(ReadObject(in));
    } else if (base == nullptr || index > base->objects.size()) {
      throw BadPlan("an object of the state is not there");
    } else {
      snapshot->objects.push_back(base->objects[index - 1]);
    }
  });
  in.Each([&] {
    state::StoredOutput output;
    output.name = in.String();
    output.value_json = in.String();
    output.type_json = in.String();
    output.sensitive = in.Bool();
    snapshot->outputs.push_back(std::move(output));
  });
  snapshot->checks.json = in.String();
  snapshot->Sort();
  return snapshot;
}

// --- changes

void WriteChange(PlanWriter& out, const ResourceChange& change) {
  out.Write(change.address);
  out.Bool(change.previous_address.has_value());
  if (change.previous_address) out.Write(*change.previous_address);
  out.Text(change.deposed_key);
  out.Write(change.provider);
  out.Number(static_cast<std::uint64_t>(change.action));
  out.Number(static_cast<std::uint64_t>(change.reason));
  out.Write(change.before);
  out.Write(change.after);
  out.Each(change.replace_paths, [&](const Path& path) { out.Write(path); });
  out.Bool(change.import_id.has_value());
  if (change.import_id) out.Text(*change.import_id);
  out.Text(change.generated_config);
  out.Text(change.private_bytes);
  out.Signed(change.schema == nullptr ? -1 : change.schema->version);
}

ResourceChange ReadChange(PlanReader& in, const Schemas& schemas) {
  ResourceChange change;
  change.address = in.Address();
  if (in.Bool()) change.previous_address = in.Address();
  change.deposed_key = in.String();
  change.provider = in.Provider();
  change.action = in.OneOf(Action::kForget);
  change.reason = in.OneOf(ActionReason::kReadBecauseCheckNested);
  change.before = in.Value();
  change.after = in.Value();
  in.Each([&] { change.replace_paths.push_back(in.Path()); });
  if (in.Bool()) change.import_id = in.String();
  change.generated_config = in.String();
  change.private_bytes = in.String();
  const std::int64_t version = in.Signed();
  if (version >= 0) {
    const ResourceName& resource = change.address.resource;
    change.schema =
        schemas.SharedResourceSchema(change.provider->provider, resource.mode, resource.type);
    if (change.schema == nullptr || change.schema->version != version) {
      throw BadPlan("it was made by a program with another version of the provider " +
                    change.provider->provider.ForDisplay());
    }
  }
  return change;
}

void WriteChecks(PlanWriter& out, const std::vector<CheckResult>& checks) {
  out.Each(checks, [&](const CheckResult& check) {
    out.Number(static_cast<std::uint64_t>(check.kind));
    out.ModuleNames(check.module);
    out.Text(check.name);
    out.Number(static_cast<std::uint64_t>(check.status));
    out.Each(check.instances, [&](const CheckResult::Instance& instance) {
      out.Text(instance.address);
      out.Number(static_cast<std::uint64_t>(instance.status));
      out.Each(instance.problems, [&](const std::string& problem) { out.Text(problem); });
    });
  });
}

std::vector<CheckResult> ReadChecks(PlanReader& in) {
  std::vector<CheckResult> checks;
  in.Each([&] {
    CheckResult check;
    check.kind = in.OneOf(CheckKind::kInputVariable);
    check.module = in.ModuleNames();
    check.name = in.String();
    check.status = in.OneOf(CheckStatus::kError);
    in.Each([&] {
      CheckResult::Instance instance;
      instance.address = in.String();
      instance.status = in.OneOf(CheckStatus::kError);
      in.Each([&] { instance.problems.push_back(in.String()); });
      check.instances.push_back(std::move(instance));
    });
    checks.push_back(std::move(check));
  });
  return checks;
}

void WritePlan(PlanWriter& out, const Plan& plan) {
  out.Number(static_cast<std::uint64_t>(plan.mode));
  out.Bool(plan.complete);
  out.Bool(plan.applyable);
  out.Bool(plan.errored);
  out.Text(plan.terraform_version);
  out.Signed(plan.created_unix_seconds);
  out.Text(plan.workspace);
  const auto text = [&](const std::string& item) { out.Text(item); };
  out.Each(plan.targets, text);
  out.Each(plan.force_replace, text);
  out.Each(plan.variables, [&](const auto& entry) {
    out.Text(entry.first);
    out.Write(entry.second.ephemeral ? Value::Null(Type::Dynamic()) : entry.second.value);
    out.Bool(entry.second.sensitive);
    out.Bool(entry.second.ephemeral);
  });
  out.Each(plan.changes.all(), [&](const ResourceChange& change) { WriteChange(out, change); });
  out.Each(plan.drift, [&](const DriftChange& drift) { WriteChange(out, drift.change); });
  out.Each(plan.outputs, [&](const OutputChange& output) {
    out.Text(output.name);
    out.Number(static_cast<std::uint64_t>(output.action));
    out.Write(output.before);
    out.Write(output.after);
    out.Bool(output.sensitive);
  });
  WriteChecks(out, plan.checks);
  out.Each(plan.relevant_attributes, [&](const Plan::RelevantAttribute& attribute) {
    out.Text(attribute.resource);
    out.Write(attribute.path);
  });
  const state::Snapshot empty;
  const state::Snapshot& base = plan.base_state ? *plan.base_state : empty;
  WriteSnapshot(out, base, nullptr);
  out.Bool(plan.prior_state == plan.base_state);
  if (plan.prior_state != plan.base_state) {
    WriteSnapshot(out, plan.prior_state ? *plan.prior_state : empty, &base);
  }
  out.Text(plan.root_directory);
  out.Each(plan.sources, [&](const PlannedSource& source) {
    out.Text(source.name);
    out.Text(source.text);
  });
}

Plan ReadPlan(PlanReader& in, const Schemas& schemas) {
  Plan plan;
  plan.mode = in.OneOf(Mode::kRefreshOnly);
  plan.complete = in.Bool();
  plan.applyable = in.Bool();
  plan.errored = in.Bool();
  plan.terraform_version = in.String();
  plan.created_unix_seconds = in.Signed();
  plan.workspace = in.String();
  in.Each([&] { plan.targets.push_back(in.String()); });
  in.Each([&] { plan.force_replace.push_back(in.String()); });
  in.Each([&] {
    std::string name = in.String();
    PlannedVariable variable;
    variable.value = in.Value();
    variable.sensitive = in.Bool();
    variable.ephemeral = in.Bool();
    plan.variables.insert_or_assign(std::move(name), std::move(variable));
  });
  std::size_t place = 0;  // they are written sorted
  in.Each([&] {
    ResourceChange change = ReadChange(in, schemas);
    if (plan.changes.Find(change.address, change.deposed_key) != nullptr)
      throw BadPlan("a change is in it twice");
    plan.changes.Add(std::move(change), place++);
  });
  plan.changes.Sort();
  in.Each([&] { plan.drift.push_back({ReadChange(in, schemas)}); });
  in.Each([&] {
    OutputChange output;
    output.name = in.String();
    output.action = in.OneOf(Action::kForget);
    output.before = in.Value();
    output.after = in.Value();
    output.sensitive = in.Bool();
    plan.outputs.push_back(std::move(output));
  });
  plan.checks = ReadChecks(in);
  in.Each([&] {
    std::string resource = in.String();
    plan.relevant_attributes.push_back({std::move(resource), in.Path()});
  });
  plan.base_state = ReadSnapshot(in, nullptr);
  plan.prior_state = in.Bool() ? plan.base_state : ReadSnapshot(in, plan.base_state.get());
  plan.root_directory = in.String();
  in.Each([&] {
    std::string name = in.String();
    plan.sources.push_back({std::move(name), in.String()});
  });
  if (!in.AtEnd()) throw BadPlan("there is more in it than a plan");
  return plan;
}

bool Fail(Diagnostics& diags, const std::string& path, const std::string& what) {
  diags.Add({.summary = "Failed to write plan file",
             .detail = "The plan file " + path + " could not be written: " + what + "."});
  return false;
}

void FailedToRead(Diagnostics& diags, const std::string& what) {
  diags.Add({.summary = "Failed to read plan file",
             .detail = "This is not a plan that can be used: " + what + ". Make a new one."});
}

// The file by name; why stands in the text below it, marked as Terraform does.
std::optional<Plan> FailedToLoad(Diagnostics& diags, const std::string& path,
                                 const std::string& why) {
  diags.Add(
      {.summary = "Failed to load \"" + path + "\" as a plan file", .detail = "Error: " + why});
  return std::nullopt;
}

}  // namespace

std::string EncodePlan(const Plan& plan) {
  PlanWriter writer;
  WritePlan(writer, plan);
  const std::string body = writer.Take();
  std::string bytes(kMagic);
  AppendFixed(bytes, kVersion);
  AppendFixed(bytes, static_cast<std::uint64_t>(body.size()));
  AppendFixed(bytes, Checksum(body));
  return bytes + body;
}

std::optional<Plan> DecodePlan(std::string_view bytes, const Schemas& schemas, Diagnostics& diags) {
  if (bytes.size() < kHeaderSize || !bytes.starts_with(kMagic)) {
    FailedToRead(diags, "it does not begin as plan files do");
    return std::nullopt;
  }
  const std::uint32_t version = ReadFixed<std::uint32_t>(bytes.substr(8));
  if (version != kVersion) {
    FailedToRead(diags, "it is of format version " + std::to_string(version) +
                            ", and this program reads version " + std::to_string(kVersion));
    return std::nullopt;
  }
  const std::string_view body = bytes.substr(kHeaderSize);
  if (ReadFixed<std::uint64_t>(bytes.substr(12)) != body.size()) {
    FailedToRead(diags, "it was cut short, or something was added to it");
    return std::nullopt;
  }
  if (ReadFixed<std::uint64_t>(bytes.substr(20)) != Checksum(body)) {
    FailedToRead(diags, "it was damaged");
    return std::nullopt;
  }
  try {
    PlanReader reader(body);
    return ReadPlan(reader, schemas);
  } catch (const BadPlan& problem) {
    FailedToRead(diags, problem.what());
    return std::nullopt;
  }
}

bool IsPlanFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, kMagic.size()> begin{};
  return file.read(begin.data(), begin.size()) &&
         std::string_view(begin.data(), begin.size()) == kMagic;
}

bool SavePlan(const Plan& plan, const std::string& path, Diagnostics& diags) {
  const std::string bytes = EncodePlan(plan);
  std::string temporary = path + ".XXXXXX";
  const int file = mkostemp(temporary.data(), O_CLOEXEC);  // mode 0600
  if (file < 0) return Fail(diags, path, std::strerror(errno));
  std::string_view rest = bytes;
  int error = 0;
  while (!rest.empty() && error == 0) {
    const ssize_t written = write(file, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      error = errno;
    }
  }
  if (error == 0 && fsync(file) != 0) error = errno;
  if (close(file) != 0 && error == 0) error = errno;
  if (error == 0 && rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error == 0) return true;
  unlink(temporary.c_str());
  return Fail(diags, path, std::strerror(error));
}

std::optional<Plan> LoadPlan(const std::string& path, const Schemas& schemas, Diagnostics& diags) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    const std::string reason = errno == ENOENT ? "no such file or directory" : std::strerror(errno);
    return FailedToLoad(diags, path, "stat " + path + ": " + reason);
  }
  if (!IsPlanFile(path)) {
    return FailedToLoad(
        diags, path,
        "couldn't load the provided path as either a local plan file (zip: not a valid zip file) "
        "or a saved cloud plan (it does not begin as plan files do)");
  }
  std::ifstream file(path, std::ios::binary);
  if (!S_ISREG(status.st_mode) || static_cast<std::uint64_t>(status.st_size) > kMaxSize) {
    return FailedToLoad(diags, path, "it is no ordinary file, or too large");
  }
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  if (!file.read(bytes.data(), status.st_size)) {
    return FailedToLoad(diags, path, "it cannot be read");
  }
  return DecodePlan(bytes, schemas, diags);
}

bool CheckNotStale(const Plan& plan, const state::Snapshot& current, Diagnostics& diags) {
  const state::Snapshot& base = *plan.base_state;
  if (base.lineage.empty() && current.lineage.empty()) return true;
  if (base.lineage == current.lineage && base.serial == current.serial) return true;
  const bool other_state = !base.lineage.empty() && base.lineage != current.lineage;
  diags.Add(
      {.summary = other_state ? "Saved plan does not match the given state" : "Saved plan is stale",
       .detail = other_state
                     ? "The plan was made from another state than the one it would be applied to."
                     : "The state was changed after the plan was made, so what it shows may no "
                       "longer be true. Make a new plan and look at that."});
  return false;
}

}  // namespace tkn::plan
