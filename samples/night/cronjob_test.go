// Package night_test checks the samples of this folder against those that will
// read them: the typed API of Kubernetes, and the parser of Prometheus. It is a
// module of its own so that the program's has to carry neither.
package night_test

import (
	"bytes"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// decode reads the documents of cronjob.yaml strictly: a field that the API does
// not have, or has with another type, is an error.
func decode(t *testing.T) (corev1.PersistentVolumeClaim, batchv1.CronJob) {
	t.Helper()
	text, err := os.ReadFile("cronjob.yaml")
	if err != nil {
		t.Fatal(err)
	}
	documents := bytes.Split(text, []byte("\n---\n"))
	if len(documents) != 2 {
		t.Fatalf("%d documents", len(documents))
	}
	var claim corev1.PersistentVolumeClaim
	var job batchv1.CronJob
	if err := yaml.UnmarshalStrict(documents[0], &claim); err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalStrict(documents[1], &job); err != nil {
		t.Fatal(err)
	}
	return claim, job
}

func TestCronJob(t *testing.T) {
	claim, cron := decode(t)
	if cron.APIVersion != "batch/v1" || cron.Kind != "CronJob" || claim.APIVersion != "v1" || claim.Kind != "PersistentVolumeClaim" {
		t.Errorf("%v %v", cron.TypeMeta, claim.TypeMeta)
	}
	job := cron.Spec.JobTemplate.Spec
	pod := job.Template.Spec
	if cron.Spec.ConcurrencyPolicy != batchv1.ForbidConcurrent || *job.Parallelism != 1 || *job.Completions != 1 {
		t.Error("more than one pod at a time")
	}
	if !slices.Equal(claim.Spec.AccessModes, []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOncePod}) {
		t.Errorf("the disk is for %v", claim.Spec.AccessModes)
	}
	if len(pod.Volumes) != 1 || pod.Volumes[0].PersistentVolumeClaim.ClaimName != claim.Name || len(pod.Containers) != 1 ||
		pod.Containers[0].VolumeMounts[0].Name != pod.Volumes[0].Name {
		t.Error("the pod does not work on the disk")
	}
	if *pod.TerminationGracePeriodSeconds != 60 {
		t.Errorf("grace %d s", *pod.TerminationGracePeriodSeconds)
	}
	if !bytes.Contains(file(t, "Dockerfile"), []byte("WORKDIR "+pod.Containers[0].VolumeMounts[0].MountPath+"\n")) {
		t.Error("the image works elsewhere than the disk is mounted")
	}
}

// TestJournalInit: the pod that begins the journal is the night's in all but what it
// runs: the same image and user, on the same disk, with the same place.
func TestJournalInit(t *testing.T) {
	_, cron := decode(t)
	var pod corev1.Pod
	if err := yaml.UnmarshalStrict(file(t, "journal-init.yaml"), &pod); err != nil {
		t.Fatal(err)
	}
	night := cron.Spec.JobTemplate.Spec.Template.Spec
	if !reflect.DeepEqual(pod.Spec.Volumes, night.Volumes) || !reflect.DeepEqual(pod.Spec.SecurityContext, night.SecurityContext) || pod.Spec.RestartPolicy != corev1.RestartPolicyNever {
		t.Errorf("the pod's volumes, user or restarts are not the night's: %+v", pod.Spec)
	}
	begins, binds := pod.Spec.Containers[0], night.Containers[0]
	if begins.Image != binds.Image || !reflect.DeepEqual(begins.VolumeMounts, binds.VolumeMounts) || !reflect.DeepEqual(begins.SecurityContext, binds.SecurityContext) {
		t.Errorf("the container is not the night's: %+v", begins)
	}
	if !slices.Equal(begins.Command, []string{"axgbind", "journal", "init"}) {
		t.Errorf("it runs %q", begins.Command)
	}
	mount := binds.VolumeMounts[0].MountPath
	for _, c := range []corev1.Container{begins, binds} {
		if !slices.Contains(c.Env, corev1.EnvVar{Name: "AXGBIND_JOURNAL", Value: mount}) {
			t.Errorf("the journal of %q is not on the disk at %s: %v", c.Command, mount, c.Env)
		}
	}
}

// TestFailurePolicy asks the policy what follows each exit status, as the job
// controller does: the first rule that matches, and a counted try if none does.
func TestFailurePolicy(t *testing.T) {
	_, cron := decode(t)
	job := cron.Spec.JobTemplate.Spec
	if job.Template.Spec.RestartPolicy != corev1.RestartPolicyNever { // the API wants it with a failure policy
		t.Errorf("restart policy %s", job.Template.Spec.RestartPolicy)
	}
	for _, rule := range job.PodFailurePolicy.Rules {
		if c := rule.OnExitCodes; c != nil && (*c.ContainerName != job.Template.Spec.Containers[0].Name || !slices.IsSorted(c.Values)) {
			t.Errorf("rule for container %s, values %v", *c.ContainerName, c.Values) // the API wants them in order
		}
	}
	for status, want := range map[int32]batchv1.PodFailurePolicyAction{
		1: batchv1.PodFailurePolicyActionCount, 3: batchv1.PodFailurePolicyActionFailJob, 4: batchv1.PodFailurePolicyActionFailJob,
		5: batchv1.PodFailurePolicyActionCount, 6: batchv1.PodFailurePolicyActionFailJob, 7: batchv1.PodFailurePolicyActionFailJob,
		8: batchv1.PodFailurePolicyActionFailJob, 10: batchv1.PodFailurePolicyActionFailJob, 11: batchv1.PodFailurePolicyActionCount,
		137: batchv1.PodFailurePolicyActionCount, 143: batchv1.PodFailurePolicyActionCount,
	} {
		got := batchv1.PodFailurePolicyActionCount
		for _, rule := range job.PodFailurePolicy.Rules {
			if rule.OnExitCodes != nil && (rule.OnExitCodes.Operator == batchv1.PodFailurePolicyOnExitCodesOpIn) == slices.Contains(rule.OnExitCodes.Values, status) {
				got = rule.Action
				break
			}
		}
		if got != want {
			t.Errorf("status %d: %s, want %s", status, got, want)
		}
	}
	if *job.BackoffLimit < 1 {
		t.Error("no second try")
	}
}

// TestStrict: the decoding that these tests stand on does refuse.
func TestStrict(t *testing.T) {
	bad := strings.Replace(string(file(t, "cronjob.yaml")), "concurrencyPolicy:", "concurencyPolicy:", 1)
	var job batchv1.CronJob
	if err := yaml.UnmarshalStrict([]byte(bad[strings.Index(bad, "\n---\n")+5:]), &job); err == nil {
		t.Error("a misspelt field was taken")
	}
}

func file(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
