#pragma once

#include <string>
#include <vector>

#include "cli/session.h"

// Every command of the program, one file each (or one for a few that are alike); table.cc gives
// them their names. Each returns the exit code. kXHelp is what `tkn x -help` prints behind "Usage:
// tkn [global options]".
namespace tkn::cli {

int RunInit(Session& session, const std::vector<std::string>& words);
int RunValidate(Session& session, const std::vector<std::string>& words);
int RunPlan(Session& session, const std::vector<std::string>& words);
int RunApply(Session& session, const std::vector<std::string>& words);
int RunDestroy(Session& session, const std::vector<std::string>& words);
int RunConsole(Session& session, const std::vector<std::string>& words);
int RunFmt(Session& session, const std::vector<std::string>& words);
int RunForceUnlock(Session& session, const std::vector<std::string>& words);
int RunGet(Session& session, const std::vector<std::string>& words);
int RunGraph(Session& session, const std::vector<std::string>& words);
int RunImport(Session& session, const std::vector<std::string>& words);
int RunMetadataFunctions(Session& session, const std::vector<std::string>& words);
int RunOutput(Session& session, const std::vector<std::string>& words);
int RunProviders(Session& session, const std::vector<std::string>& words);
int RunProvidersSchema(Session& session, const std::vector<std::string>& words);
int RunRefresh(Session& session, const std::vector<std::string>& words);
int RunShow(Session& session, const std::vector<std::string>& words);
int RunTaint(Session& session, const std::vector<std::string>& words);
int RunUntaint(Session& session, const std::vector<std::string>& words);
int RunVersion(Session& session, const std::vector<std::string>& words);
int RunQuery(Session& session, const std::vector<std::string>& words);
int RunStateBackup(Session& session, const std::vector<std::string>& words);
int RunStateCheck(Session& session, const std::vector<std::string>& words);
int RunStateDiff(Session& session, const std::vector<std::string>& words);
int RunStateHistory(Session& session, const std::vector<std::string>& words);
int RunStateIntents(Session& session, const std::vector<std::string>& words);
int RunStatePrune(Session& session, const std::vector<std::string>& words);
int RunStateRestore(Session& session, const std::vector<std::string>& words);
int RunStateRollback(Session& session, const std::vector<std::string>& words);
int RunStateList(Session& session, const std::vector<std::string>& words);
int RunStateMv(Session& session, const std::vector<std::string>& words);
int RunStatePull(Session& session, const std::vector<std::string>& words);
int RunStatePush(Session& session, const std::vector<std::string>& words);
int RunStateReplaceProvider(Session& session, const std::vector<std::string>& words);
int RunStateRm(Session& session, const std::vector<std::string>& words);
int RunStateShow(Session& session, const std::vector<std::string>& words);
int RunWorkspaceDelete(Session& session, const std::vector<std::string>& words);
int RunWorkspaceList(Session& session, const std::vector<std::string>& words);
int RunWorkspaceNew(Session& session, const std::vector<std::string>& words);
int RunWorkspaceSelect(Session& session, const std::vector<std::string>& words);
int RunWorkspaceShow(Session& session, const std::vector<std::string>& words);

extern const char* const kInitHelp;
extern const char* const kValidateHelp;
extern const char* const kPlanHelp;
extern const char* const kApplyHelp;
extern const char* const kDestroyHelp;
extern const char* const kConsoleHelp;
extern const char* const kFmtHelp;
extern const char* const kForceUnlockHelp;
extern const char* const kGetHelp;
extern const char* const kGraphHelp;
extern const char* const kImportHelp;
extern const char* const kMetadataFunctionsHelp;
extern const char* const kOutputHelp;
extern const char* const kProvidersHelp;
extern const char* const kProvidersSchemaHelp;
extern const char* const kRefreshHelp;
extern const char* const kShowHelp;
extern const char* const kTaintHelp;
extern const char* const kUntaintHelp;
extern const char* const kVersionHelp;
extern const char* const kQueryHelp;
extern const char* const kStateBackupHelp;
extern const char* const kStateCheckHelp;
extern const char* const kStateDiffHelp;
extern const char* const kStateHistoryHelp;
extern const char* const kStateIntentsHelp;
extern const char* const kStatePruneHelp;
extern const char* const kStateRestoreHelp;
extern const char* const kStateRollbackHelp;
extern const char* const kStateListHelp;
extern const char* const kStateMvHelp;
extern const char* const kStatePullHelp;
extern const char* const kStatePushHelp;
extern const char* const kStateReplaceProviderHelp;
extern const char* const kStateRmHelp;
extern const char* const kStateShowHelp;
extern const char* const kWorkspaceDeleteHelp;
extern const char* const kWorkspaceListHelp;
extern const char* const kWorkspaceNewHelp;
extern const char* const kWorkspaceSelectHelp;
extern const char* const kWorkspaceShowHelp;

}  // namespace tkn::cli
