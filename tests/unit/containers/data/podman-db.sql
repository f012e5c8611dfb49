BEGIN TRANSACTION;
CREATE TABLE ContainerConfig(
                ID              TEXT    PRIMARY KEY NOT NULL,
                Name            TEXT    UNIQUE NOT NULL,
                PodID           TEXT,
                JSON            TEXT    NOT NULL,
                FOREIGN KEY (ID)    REFERENCES IDNamespace(ID)    DEFERRABLE INITIALLY DEFERRED,
                FOREIGN KEY (ID)    REFERENCES ContainerState(ID) DEFERRABLE INITIALLY DEFERRED,
                FOREIGN KEY (PodID) REFERENCES PodConfig(ID)
        );
INSERT INTO "ContainerConfig" VALUES('1e3d4b1592efc1c972af24105e2debe0d9ed64943dc90189e75f38163ca0dd4d','pod1',NULL,'{"spec":{"ociVersion":"1.2.0","process":{"user":{"uid":0,"gid":0},"args":["sleep","1000"],"env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin","container=podman"],"cwd":"/","capabilities":{"bounding":["CAP_CHOWN","CAP_DAC_OVERRIDE","CAP_FOWNER","CAP_FSETID","CAP_KILL","CAP_NET_BIND_SERVICE","CAP_SETFCAP","CAP_SETGID","CAP_SETPCAP","CAP_SETUID","CAP_SYS_CHROOT"],"effective":["CAP_CHOWN","CAP_DAC_OVERRIDE","CAP_FOWNER","CAP_FSETID","CAP_KILL","CAP_NET_BIND_SERVICE","CAP_SETFCAP","CAP_SETGID","CAP_SETPCAP","CAP_SETUID","CAP_SYS_CHROOT"],"permitted":["CAP_CHOWN","CAP_DAC_OVERRIDE","CAP_FOWNER","CAP_FSETID","CAP_KILL","CAP_NET_BIND_SERVICE","CAP_SETFCAP","CAP_SETGID","CAP_SETPCAP","CAP_SETUID","CAP_SYS_CHROOT"]}},"root":{"path":"rootfs"},"mounts":[{"destination":"/proc","type":"proc","source":"proc","options":["nosuid","noexec","nodev"]},{"destination":"/dev","type":"tmpfs","source":"tmpfs","options":["nosuid","strictatime","mode=755","size=65536k"]},{"destination":"/dev/pts","type":"devpts","source":"devpts","options":["nosuid","noexec","newinstance","ptmxmode=0666","mode=0620","gid=5"]},{"destination":"/dev/mqueue","type":"mqueue","source":"mqueue","options":["nosuid","noexec","nodev"]},{"destination":"/sys","type":"sysfs","source":"sysfs","options":["nosuid","noexec","nodev","ro"]},{"destination":"/sys/fs/cgroup","type":"cgroup","source":"cgroup","options":["rprivate","nosuid","noexec","nodev","relatime","ro"]}],"linux":{"sysctl":{"net.ipv4.ping_group_range":"0 0"},"resources":{"devices":[{"allow":false,"access":"rwm"}],"memory":{"limit":67108864,"swap":134217728},"pids":{"limit":2048}},"namespaces":[{"type":"pid"},{"type":"network"},{"type":"ipc"},{"type":"uts"},{"type":"mount"},{"type":"cgroup"}],"seccomp":{"defaultAction":"SCMP_ACT_ERRNO"},"maskedPaths":["/proc/acpi","/proc/kcore","/proc/keys","/proc/latency_stats","/proc/sched_debug","/proc/scsi","/proc/timer_list","/proc/timer_stats","/sys/devices/virtual/powercap","/sys/firmware","/sys/fs/selinux"],"readonlyPaths":["/proc/asound","/proc/bus","/proc/fs","/proc/irq","/proc/sys","/proc/sysrq-trigger"]}},"id":"1e3d4b1592efc1c972af24105e2debe0d9ed64943dc90189e75f38163ca0dd4d","name":"pod1","lockID":0,"CreateCommand":["podman","run","-d","--name","pod1","-m","64m","--health-cmd","true","--health-interval","5s","localhost/bb:1","sleep","1000"],"RawImageName":"localhost/bb:1","idMappingsOptions":{"HostUIDMapping":true,"HostGIDMapping":true,"UIDMap":null,"GIDMap":null,"AutoUserNs":false,"AutoUserNsOpts":{"Size":0,"InitialSize":0,"PasswdFile":"","GroupFile":"","AdditionalUIDMappings":null,"AdditionalGIDMappings":null}},"Dependencies":null,"rootfsImageID":"c828ad58f59ddbf320096d0fc27896ec1e0bf4b6bf87702610c0b570b5567090","rootfsImageName":"localhost/bb:1","ShmDir":"/var/lib/containers/storage/overlay-containers/1e3d4b1592efc1c972af24105e2debe0d9ed64943dc90189e75f38163ca0dd4d/userdata/shm","shmSize":65536000,"shmSizeSystemd":0,"staticDir":"/var/lib/containers/storage/overlay-containers/1e3d4b1592efc1c972af24105e2debe0d9ed64943dc90189e75f38163ca0dd4d/userdata","mounts":["/var/lib/containers/storage/overlay-containers/1e3d4b1592efc1c972af24105e2debe0d9ed64943dc90189e75f38163ca0dd4d/userdata/shm"],"createWorkingDir":true,"secretsPath":"/var/lib/containers/storage/overlay-containers/1e3d4b1592efc1c972af24105e2debe0d9ed64943dc90189e75f38163ca0dd4d/userdata/secrets","storageOpts":null,"passwd":true,"privileged":false,"labelopts":["disable"],"label_nested":false,"createNetNS":true,"UseImageResolvConf":false,"useImageHostname":false,"UseImageHosts":false,"newNetworks":{"podman":{"aliases":["1e3d4b1592ef"],"interface_name":"eth0"}},"networkMode":"bridge","command":["sleep","1000"],"stopSignal":15,"stopTimeout":10,"createdTime":"2026-11-23T18:39:19.712181794Z","cgroupManager":"systemd","cgroupsMode":"enabled","cgroupParent":"machine.slice","kubeExitCodePropagation":0,"logPath":"","logTag":"","logSize":0,"logDriver":"journald","conmonPidFile":"/run/containers/storage/overlay-containers/1e3d4b1592efc1c972af24105e2debe0d9ed64943dc90189e75f38163ca0dd4d/userdata/conmon.pid","postConfigureNetNS":false,"runtime":"crun","pause":false,"isService":false,"sdnotifyMode":"container","healthcheck":{"Test":["CMD-SHELL","true"],"Interval":5000000000,"Timeout":30000000000,"Retries":3},"healthcheck_on_failure_action":0,"healthLogDestination":"local","healthMaxLogCount":5,"healthMaxLogSize":500,"umask":"0022","pid_file":"/run/containers/storage/overlay-containers/1e3d4b1592efc1c972af24105e2debe0d9ed64943dc90189e75f38163ca0dd4d/userdata/pidfile","mountAllDevices":false,"readWriteTmpfs":false}');
CREATE TABLE ContainerDependency(
                ID           TEXT NOT NULL,
                DependencyID TEXT NOT NULL,
                PRIMARY KEY (ID, DependencyID),
                FOREIGN KEY (ID)           REFERENCES ContainerConfig(ID) DEFERRABLE INITIALLY DEFERRED,
                FOREIGN KEY (DependencyID) REFERENCES ContainerConfig(ID),
                CHECK (ID <> DependencyID)
        );
CREATE TABLE ContainerExecSession(
                ID          TEXT PRIMARY KEY NOT NULL,
                ContainerID TEXT NOT NULL,
                FOREIGN KEY (ContainerID) REFERENCES ContainerConfig(ID)
        );
CREATE TABLE ContainerExitCode(
                ID        TEXT    PRIMARY KEY NOT NULL,
                Timestamp INTEGER NOT NULL,
                ExitCode  INTEGER NOT NULL,
                CHECK (ExitCode BETWEEN -1 AND 255)
        );
CREATE TABLE ContainerState(
                ID       TEXT    PRIMARY KEY NOT NULL,
                State    INTEGER NOT NULL,
                ExitCode INTEGER,
                JSON     TEXT    NOT NULL,
                FOREIGN KEY (ID) REFERENCES ContainerConfig(ID) DEFERRABLE INITIALLY DEFERRED,
                CHECK (ExitCode BETWEEN -1 AND 255)
        );
INSERT INTO "ContainerState" VALUES('1e3d4b1592efc1c972af24105e2debe0d9ed64943dc90189e75f38163ca0dd4d',1,0,X'7B227374617465223A332C22636F6E66696750617468223A222F7661722F6C69622F636F6E7461696E6572732F73746F726167652F6F7665726C61792D636F6E7461696E6572732F316533643462313539326566633163393732616632343130356532646562653064396564363439343364633930313839653735663338313633636130646434642F75736572646174612F636F6E6669672E6A736F6E222C2272756E446972223A222F72756E2F636F6E7461696E6572732F73746F726167652F6F7665726C61792D636F6E7461696E6572732F316533643462313539326566633163393732616632343130356532646562653064396564363439343364633930313839653735663338313633636130646434642F7573657264617461222C226D6F756E746564223A747275652C226D6F756E74506F696E74223A222F7661722F6C69622F636F6E7461696E6572732F73746F726167652F6F7665726C61792F613135323666646431393266383339613635303365373833363437613161633164303730363163666531333162353034396166656134663539636331396337332F6D6572676564222C227374617274656454696D65223A22323032362D31312D32335431383A33393A32342E3634353737373431355A222C2266696E697368656454696D65223A22303030312D30312D30315430303A30303A30305A222C22706964223A313338382C22636F6E6D6F6E506964223A313338342C226E65746E73223A222F72756E2F6E65746E732F6E65746E732D36313535666231632D386236632D636237392D646332652D376531323566316436656439222C226E6574776F726B537461747573223A7B22706F646D616E223A7B22696E7465726661636573223A7B2265746830223A7B227375626E657473223A5B7B2269706E6574223A2231302E38382E302E322F3136222C2267617465776179223A2231302E38382E302E31227D5D2C226D61635F61646472657373223A2232613A33303A35653A65663A66613A6162227D7D7D7D2C2262696E644D6F756E7473223A7B222F6465762F73686D223A222F7661722F6C69622F636F6E7461696E6572732F73746F726167652F6F7665726C61792D636F6E7461696E6572732F316533643462313539326566633163393732616632343130356532646562653064396564363439343364633930313839653735663338313633636130646434642F75736572646174612F73686D222C222F6574632F686F73746E616D65223A222F72756E2F636F6E7461696E6572732F73746F726167652F6F7665726C61792D636F6E7461696E6572732F316533643462313539326566633163393732616632343130356532646562653064396564363439343364633930313839653735663338313633636130646434642F75736572646174612F686F73746E616D65222C222F6574632F686F737473223A222F72756E2F636F6E7461696E6572732F73746F726167652F6F7665726C61792D636F6E7461696E6572732F316533643462313539326566633163393732616632343130356532646562653064396564363439343364633930313839653735663338313633636130646434642F75736572646174612F686F737473222C222F6574632F7265736F6C762E636F6E66223A222F72756E2F636F6E7461696E6572732F73746F726167652F6F7665726C61792D636F6E7461696E6572732F316533643462313539326566633163393732616632343130356532646562653064396564363439343364633930313839653735663338313633636130646434642F75736572646174612F7265736F6C762E636F6E66222C222F72756E2F2E636F6E7461696E6572656E76223A222F72756E2F636F6E7461696E6572732F73746F726167652F6F7665726C61792D636F6E7461696E6572732F316533643462313539326566633163393732616632343130356532646562653064396564363439343364633930313839653735663338313633636130646434642F75736572646174612F2E636F6E7461696E6572656E76227D2C226863556E69744E616D65223A22316533643462313539326566633163393732616632343130356532646562653064396564363439343364633930313839653735663338313633636130646434642D32636130373832313138323537343862222C2253657276696365223A7B2273657276696365506F6473223A6E756C6C7D2C22636865636B706F696E74656454696D65223A22303030312D30312D30315430303A30303A30305A222C22726573746F72656454696D65223A22303030312D30312D30315430303A30303A30305A227D');
CREATE TABLE ContainerVolume(
                ContainerID TEXT NOT NULL,
                VolumeName  TEXT NOT NULL,
                PRIMARY KEY (ContainerID, VolumeName),
                FOREIGN KEY (ContainerID) REFERENCES ContainerConfig(ID) DEFERRABLE INITIALLY DEFERRED,
                FOREIGN KEY (VolumeName)  REFERENCES VolumeConfig(Name)
        );
CREATE TABLE DBConfig(
                ID            INTEGER PRIMARY KEY NOT NULL,
                SchemaVersion INTEGER NOT NULL,
                OS            TEXT    NOT NULL,
                StaticDir     TEXT    NOT NULL,
                TmpDir        TEXT    NOT NULL,
                GraphRoot     TEXT    NOT NULL,
                RunRoot       TEXT    NOT NULL,
                GraphDriver   TEXT    NOT NULL,
                VolumeDir     TEXT    NOT NULL,
                CHECK (ID IN (1))
        );
INSERT INTO "DBConfig" VALUES(1,1,'linux','/var/lib/containers/storage/libpod','/run/libpod','/var/lib/containers/storage','/run/containers/storage','','/var/lib/containers/storage/volumes');
CREATE TABLE IDNamespace(
                ID TEXT PRIMARY KEY NOT NULL
        );
INSERT INTO "IDNamespace" VALUES('1e3d4b1592efc1c972af24105e2debe0d9ed64943dc90189e75f38163ca0dd4d');
CREATE TABLE PodConfig(
                ID              TEXT    PRIMARY KEY NOT NULL,
                Name            TEXT    UNIQUE NOT NULL,
                JSON            TEXT    NOT NULL,
                FOREIGN KEY (ID) REFERENCES IDNamespace(ID) DEFERRABLE INITIALLY DEFERRED,
                FOREIGN KEY (ID) REFERENCES PodState(ID)    DEFERRABLE INITIALLY DEFERRED
        );
CREATE TABLE PodState(
                ID               TEXT PRIMARY KEY NOT NULL,
                InfraContainerID TEXT,
                JSON             TEXT NOT NULL,
                FOREIGN KEY (ID)               REFERENCES PodConfig(ID)       DEFERRABLE INITIALLY DEFERRED,
                FOREIGN KEY (InfraContainerID) REFERENCES ContainerConfig(ID) DEFERRABLE INITIALLY DEFERRED
        );
CREATE TABLE VolumeConfig(
                Name            TEXT    PRIMARY KEY NOT NULL,
                StorageID       TEXT,
                JSON            TEXT    NOT NULL,
                FOREIGN KEY (Name) REFERENCES VolumeState(Name) DEFERRABLE INITIALLY DEFERRED
        );
CREATE TABLE VolumeState(
                Name TEXT PRIMARY KEY NOT NULL,
                JSON TEXT NOT NULL,
                FOREIGN KEY (Name) REFERENCES VolumeConfig(Name) DEFERRABLE INITIALLY DEFERRED
        );
COMMIT;
